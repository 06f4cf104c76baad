// What this process knows of one stream: its ring, and which life of the stream the ring belongs to. No I/O; it is
// told what happened to the stream.
//
// W1  The ring holds every message after its floor: nothing is appended over a hole.
// W2  A position of another generation is worth nothing. Whoever holds one is told of a gap and goes on after `start`.
import type { StreamBounds } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { markOf, positionText, type Position } from '../domain/cursor.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import { encodeEventData } from './event-data.ts';
import { Ring, type FeedPosition } from './ring.ts';

export class StreamWindow {
  readonly ring: Ring;
  readonly #stream: KnownStream;
  #epoch: number;
  #generation = 1;
  #spell = 1;
  #start: FeedPosition;
  #held: FeedPosition | null = null;

  /** `last` is the newest position of the stream: the window opens behind it. */
  constructor(stream: KnownStream, ringBytesMax: number, epoch: number, last: Position) {
    this.#stream = stream;
    this.#epoch = epoch;
    this.#start = this.at(last);
    this.ring = new Ring(ringBytesMax, this.#start);
  }

  /** When the stream was created. */
  get epoch(): number {
    return this.#epoch;
  }

  get tag(): string {
    return this.#stream.tag;
  }

  get name(): string {
    return this.#stream.name;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Where this generation began, for those who come from another. (W2) */
  get start(): FeedPosition {
    return this.#start;
  }

  /** How far clients may be served now. */
  get position(): FeedPosition {
    return this.#held ?? this.ring.last;
  }

  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Another number after every absence: what was read during two of them may not be from one stream. */
  get spell(): number {
    return this.#spell;
  }

  at({ sequence, mark }: Position): FeedPosition {
    const text = positionText(this.#stream.tag, { sequence, mark });
    return { sequence, mark, text, generation: this.#generation };
  }

  positionOf({ sequence, storedAt }: StoredMessage): FeedPosition {
    return this.at({ sequence, mark: markOf(storedAt) });
  }

  /** Says whether the message was new. */
  append(message: StoredMessage): boolean {
    if (message.sequence <= this.ring.last.sequence) return false;
    const { subject, storedAt } = message;
    const data = encodeEventData(message);
    this.ring.push({ position: this.positionOf(message), subject, data, storedAtMs: storedAt.getTime() });
    return true;
  }

  /** The stream was away and is here again, holding `bounds`: what follows is appended after them or after us. */
  resume({ epoch, first, last }: StreamBounds): void {
    if (epoch !== this.#epoch) this.#renew(epoch, first - 1);
    else if (last < this.ring.last.sequence) this.#renew(epoch, last);
    // What expired in the meantime is a hole. (W1)
    else if (first > this.ring.last.sequence + 1) {
      this.#held = null;
      this.ring.restart(this.at({ sequence: first - 1, mark: markOf(epoch) }));
    }
  }

  /** The stream is away: nobody is served beyond where we are until it is known to be the same as before. */
  hold(): void {
    this.#spell += 1;
    this.#held ??= this.ring.last;
  }

  /** It is the same. */
  release(): void {
    this.#held = null;
  }

  /** It went away again before that was known: what came meanwhile is forgotten, and has to be read again. */
  rewind(): void {
    this.ring.cutAfter(this.position);
  }

  /** It is not: what has come since is kept, as the beginning of another generation. */
  disown(): void {
    const sequence = Math.max(this.position.sequence, this.ring.floor.sequence);
    const kept = [...this.ring.after(sequence)];
    this.#renew(this.#epoch, sequence);
    for (const entry of kept) this.ring.push({ ...entry, position: this.at(entry.position) });
  }

  /** No message is known at the new start, so it carries the stream's own time; see `Position.mark`. */
  #renew(epoch: number, sequence: number): void {
    this.#epoch = epoch;
    this.#generation += 1;
    this.#held = null;
    this.#start = this.at({ sequence, mark: markOf(epoch) });
    this.ring.restart(this.#start);
  }
}
