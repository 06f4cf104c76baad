// One stream, followed once for all of its clients. The only thing here that costs the broker anything, and it does
// not grow with the number of clients. (S9)
import type { FollowingState, Log, StreamBounds, StreamFollowing, StreamReader } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import { markOf } from '../domain/cursor.ts';
import { decideResumption } from '../domain/resumption.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import { StreamWindow } from './stream-window.ts';
import type { Task, Turns } from './turns.ts';

export type FeedDeps = {
  readonly reader: StreamReader;
  readonly turns: Turns;
  readonly log: Log;
  readonly ringBytesMax: number;
  readonly clock: () => Date;
};

export class Feed implements Task {
  readonly stream: KnownStream;
  /** Whoever wants to know that there is news: run after messages, and after changes of state. */
  readonly listeners = new Set<Task>();
  readonly #deps: FeedDeps;
  #state: 'closed' | 'opening' | 'live' | 'interrupted' | 'stopped' = 'closed';
  #isUp = true;
  #window: StreamWindow | null = null;
  #following: StreamFollowing | null = null;
  #attempts = 0;
  /** How old the newest message was when it came. */
  #upstreamLagMs = 0;
  /** Of those that were followed before. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(stream: KnownStream, deps: FeedDeps) {
    this.stream = stream;
    this.#deps = deps;
  }

  /** Null until the stream has answered for the first time. */
  get window(): StreamWindow | null {
    return this.#window;
  }

  get upstreamLagMs(): number {
    return this.#upstreamLagMs;
  }

  /** False only when it is known that messages do not come. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /**
   * Starts following at the end of the stream. Call it now and then: it tries again what could not be done because the
   * broker was away.
   */
  open(): void {
    if (this.#window?.isHeld === true && this.#state === 'live') void this.#verify(this.#window);
    if (this.#window !== null || this.#state === 'opening' || this.#state === 'stopped') return;
    this.#state = 'opening';
    this.#begin().catch((error: unknown) => {
      if (this.#state === 'stopped') return;
      this.#state = 'closed';
      if (!this.#isUp) return;
      this.#isUp = false;
      const { log, turns } = this.#deps;
      log.warn({ err: error, stream: this.stream.name }, 'a stream cannot be read; trying again');
      turns.add(this);
    });
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    await Promise.all([this.#ending, this.#following?.stop()]);
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
    this.#follow(last + 1);
    this.#state = 'live';
    this.#isUp = true;
    this.#deps.turns.add(this);
  }

  /** Instead of whatever was followed before, of which nothing counts any more. */
  #follow(from: number): void {
    const attempt = (this.#attempts += 1);
    const previous = this.#following;
    if (previous !== null) this.#ending = Promise.all([this.#ending, previous.stop()]);
    this.#following = this.#deps.reader.follow(this.stream.name, from, {
      onMessage: (message) => (attempt === this.#attempts ? this.#receive(message) : undefined),
      onState: (state) => (attempt === this.#attempts ? this.#change(state) : undefined),
    });
  }

  #receive(message: StoredMessage): void {
    if (this.#window?.append(message) !== true) return;
    this.#upstreamLagMs = Math.max(0, this.#deps.clock().getTime() - message.storedAt.getTime());
    this.#deps.turns.add(this);
  }

  #change(next: FollowingState): void {
    if (this.#state === 'stopped') return;
    const wasAway = this.#state === 'interrupted';
    this.#state = next.state;
    this.#isUp = next.state === 'live';
    if (next.state === 'live') this.#resume(next.bounds, wasAway);
    else this.#suspend(next.reason, wasAway);
    this.#deps.turns.add(this);
  }

  #suspend(reason: string, wasAway: boolean): void {
    const window = this.#window;
    if (!wasAway) this.#deps.log.warn({ stream: this.stream.name, reason }, 'a stream is away');
    if (wasAway || window === null) return;
    window.hold();
    if (window.ring.last === window.position) return;
    window.rewind();
    this.#follow(window.position.sequence + 1);
  }

  #resume(bounds: StreamBounds, wasAway: boolean): void {
    const window = this.#window;
    if (window === null) return;
    const { generation } = window;
    window.resume(bounds);
    const isRenewed = window.generation !== generation;
    if (wasAway || isRenewed) this.#deps.log.info({ stream: this.stream.name, isRenewed }, 'a stream is here again');
    if (window.isHeld) void this.#verify(window);
  }

  /**
   * A store restored from an older copy keeps the stream's creation time and uses its sequences again; with enough new
   * messages its bounds tell nothing. The last message we gave is the witness.
   */
  async #verify(window: StreamWindow): Promise<void> {
    const { reader, log, turns } = this.#deps;
    const { position, spell } = window;
    const { name } = this.stream;
    try {
      const bounds = await reader.bounds(name);
      const message = position.sequence === 0 ? null : await reader.at(name, position.sequence);
      // It went away again, or somebody else has found out meanwhile.
      if (window.spell !== spell || !window.isHeld) return;
      const resumption = decideResumption(position, bounds, message?.storedAt ?? null);
      const hasNothingNew = message === null && bounds.last === position.sequence;
      if (hasNothingNew || (resumption.kind === 'after' && resumption.gap === null)) return window.release();
      log.error(
        { stream: name, sequence: position.sequence },
        'a stream does not hold what it held: the clients are told',
      );
      window.disown();
    } catch (error) {
      log.debug({ err: error, stream: name }, 'a stream cannot be verified now; trying again');
    } finally {
      turns.add(this);
    }
  }
}
