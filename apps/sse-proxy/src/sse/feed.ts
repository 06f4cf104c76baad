// One stream, followed once for all of its clients. The only thing here that costs the broker anything, and it does
// not grow with the number of clients. (S9)
import type { FollowingState, Log, StreamBounds, StreamFollowing, StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { markOf } from '../domain/cursor.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import type { FeedPosition } from './ring.ts';
import { StreamWindow } from './stream-window.ts';
import type { Task, Turns } from './turns.ts';

export type FeedDeps = {
  readonly reader: StreamReader;
  readonly turns: Turns;
  readonly log: Log;
  readonly ringBytesMax: number;
};

export class Feed implements Task {
  readonly stream: KnownStream;
  /** Whoever wants to know that there is news: run after messages, and after changes of state. */
  readonly listeners = new Set<Task>();
  readonly #deps: FeedDeps;
  /** `closed` until the stream has answered once. */
  #state: 'closed' | 'opening' | 'live' | 'interrupted' | 'stopped' = 'closed';
  #window: StreamWindow | null = null;
  #following: StreamFollowing | null = null;

  constructor(stream: KnownStream, deps: FeedDeps) {
    this.stream = stream;
    this.#deps = deps;
  }

  /** Null until the stream has answered for the first time. */
  get window(): StreamWindow | null {
    return this.#window;
  }

  /** False only when it is known that messages do not come. */
  get isUp(): boolean {
    return this.#state !== 'interrupted';
  }

  /** Starts following at the end of the stream. Call again while there is no window: the broker may have been away. */
  open(): void {
    if (this.#window !== null || this.#state === 'opening' || this.#state === 'stopped') return;
    const wasInterrupted = this.#state === 'interrupted';
    this.#state = 'opening';
    this.#begin().catch((error: unknown) => {
      if (this.#state === 'stopped') return;
      this.#state = 'interrupted';
      const { log, turns } = this.#deps;
      if (!wasInterrupted) log.warn({ err: error, stream: this.stream.name }, 'a stream cannot be read; trying again');
      turns.add(this);
    });
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    await this.#following?.stop();
  }

  /** Passes the news on. */
  run(): boolean {
    for (const listener of this.listeners) this.#deps.turns.add(listener);
    return false;
  }

  async #begin(): Promise<void> {
    const { reader, ringBytesMax } = this.#deps;
    const { name } = this.stream;
    const { epoch, last } = await reader.bounds(name);
    const newest = last === 0 ? null : await reader.at(name, last);
    if (this.#state === 'stopped') return;
    const mark = markOf(newest?.storedAt ?? epoch);
    this.#window = new StreamWindow(this.stream, ringBytesMax, epoch, { sequence: last, mark });
    this.#following = reader.follow(name, last + 1, {
      onMessage: (message) => this.#receive(message),
      onState: (state) => this.#change(state),
    });
    this.#state = 'live';
    this.#deps.turns.add(this);
  }

  #receive(message: StoredMessage): void {
    if (this.#window?.append(message) === true) this.#deps.turns.add(this);
  }

  #change(next: FollowingState): void {
    if (this.#state === 'stopped') return;
    const { log, turns } = this.#deps;
    if (next.state === 'live') {
      this.#resume(next.bounds, this.#state === 'interrupted');
      this.#state = 'live';
    } else {
      if (this.#state === 'live') log.warn({ stream: this.stream.name, reason: next.reason }, 'a stream is away');
      this.#state = 'interrupted';
    }
    turns.add(this);
  }

  #resume(bounds: StreamBounds, wasAway: boolean): void {
    const window = this.#window;
    if (window === null) return;
    const { position, generation } = window;
    window.resume(bounds);
    const isRenewed = window.generation !== generation;
    if (wasAway || isRenewed) this.#deps.log.info({ stream: this.stream.name, isRenewed }, 'a stream is here again');
    if (wasAway && !isRenewed) void this.#verify(window, position);
  }

  /**
   * A store restored from an older copy keeps the stream's creation time and uses its sequences again; with enough new
   * messages its bounds tell nothing. The last message we gave is the witness.
   */
  async #verify(window: StreamWindow, { sequence, mark, generation }: FeedPosition): Promise<void> {
    try {
      const message = await this.#deps.reader.at(this.stream.name, sequence);
      if (message === null || markOf(message.storedAt) === mark || window.generation !== generation) return;
      this.#deps.log.error({ stream: this.stream.name, sequence }, 'a stream holds other messages than it did');
      window.disown();
      this.#deps.turns.add(this);
    } catch {
      // The broker is away again; the next `live` asks again.
    }
  }
}
