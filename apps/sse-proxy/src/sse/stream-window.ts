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
  #start: FeedPosition;

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

  get position(): FeedPosition {
    return this.ring.last;
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
    if (message.sequence <= this.position.sequence) return false;
    const { subject } = message;
    this.ring.push({ position: this.positionOf(message), subject, data: encodeEventData(message) });
    return true;
  }

  /** The stream was away and is here again, holding `bounds`: what follows is appended after them or after us. */
  resume({ epoch, first, last }: StreamBounds): void {
    const isSame = epoch === this.#epoch && last >= this.position.sequence;
    if (!isSame) this.#renew(epoch, epoch === this.#epoch ? last : first - 1);
    // What expired in the meantime is a hole. (W1)
    else if (first > this.position.sequence + 1)
      this.ring.restart(this.at({ sequence: first - 1, mark: markOf(epoch) }));
  }

  /** The messages before our position are not the ones we gave: another stream from here on. */
  disown(): void {
    this.#renew(this.#epoch, this.position.sequence);
  }

  /** No message is known at the new start, so it carries the stream's own time; see `Position.mark`. */
  #renew(epoch: number, sequence: number): void {
    this.#epoch = epoch;
    this.#generation += 1;
    this.#start = this.at({ sequence, mark: markOf(epoch) });
    this.ring.restart(this.#start);
  }
}
