// A stream in memory that fails on command: it imitates what `StreamReader` promises of JetStream, and nothing of how
// JetStream does it. For the interleavings that a real server produces once in a thousand runs: messages that arrive
// between any two steps, purges in the middle of a replay, a broker that is away for some requests, a stream that is
// another one afterwards.
import {
  StreamUnavailableError,
  type StreamBounds,
  type StreamFollowing,
  type StreamListener,
  type StreamReader,
} from '@longwave/messaging';
import { filterMatches, parseFilter, type StoredMessage } from '@longwave/messaging/contract';

type Follower = { readonly listener: StreamListener; epoch: number; next: number };

/** One reader of several streams. */
export function readerOf(streams: readonly ScriptedStream[]): StreamReader {
  const of = (name: string): StreamReader => {
    const stream = streams.find((one) => one.name === name);
    if (stream === undefined) throw new StreamUnavailableError('no-such-stream', name);
    return stream.reader;
  };
  return {
    bounds: (name) => of(name).bounds(name),
    at: (name, sequence) => of(name).at(name, sequence),
    replay: (name, range, signal) => of(name).replay(name, range, signal),
    follow: (name, from, listener) => of(name).follow(name, from, listener),
    lastPerSubject: notAskedFor,
    sequenceAt: () => Promise.reject(new Error('not asked for here')),
  };
}

function notAskedFor(): never {
  throw new Error('not asked for here');
}

export class ScriptedStream {
  readonly name: string;
  readonly #followers = new Set<Follower>();
  #messages: StoredMessage[] = [];
  #clock = 1_000;
  #epoch = 1_000;
  #first = 1;
  #last = 0;
  #isAway = false;

  constructor(name: string) {
    this.name = name;
  }

  get bounds(): StreamBounds {
    return { stream: this.name, epoch: this.#epoch, first: this.#first, last: this.#last };
  }

  append(subject: string, payload: string): void {
    this.#last += 1;
    const storedAt = new Date(this.#tick());
    const message = { stream: this.name, epoch: this.#epoch, sequence: this.#last, storedAt, subject, headers: {} };
    this.#messages.push({ ...message, payload: Buffer.from(payload) });
    this.#deliver();
  }

  /** Removes everything up to a sequence. */
  purge(upTo: number): void {
    this.#first = Math.max(this.#first, Math.min(upTo, this.#last) + 1);
    this.#messages = this.#messages.filter(({ sequence }) => sequence >= this.#first);
  }

  /** Deletes the stream and makes an empty one of the same name. */
  recreate(): void {
    this.#whileInterrupted(() => {
      this.#epoch = this.#tick();
      [this.#messages, this.#first, this.#last] = [[], 1, 0];
    });
  }

  /**
   * Puts an older copy in its place: the newest `count` messages never happened, their sequences are given again.
   * Returns the payloads of those.
   */
  restoreWithout(count: number): readonly string[] {
    const last = Math.max(this.#first - 1, this.#last - count);
    const lost = this.#messages.filter(({ sequence }) => sequence > last);
    this.#whileInterrupted(() => {
      this.#last = last;
      this.#messages = this.#messages.filter(({ sequence }) => sequence <= last);
    });
    return lost.map(({ payload }) => Buffer.from(payload).toString());
  }

  goAway(): void {
    this.#isAway = true;
    // Those of now: who is interrupted may follow anew at once.
    const followers = Array.from(this.#followers);
    for (const { listener } of followers) listener.onState({ state: 'interrupted', reason: 'it is away' });
  }

  comeBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    for (const follower of this.#followers) this.#start(follower);
  }

  readonly reader: StreamReader = {
    bounds: () => this.#ask(() => this.bounds),
    at: (_stream, sequence) => this.#ask(() => this.#messages.find((one) => one.sequence === sequence) ?? null),
    replay: (_stream, range) => this.#replay(range),
    lastPerSubject: notAskedFor,
    sequenceAt: () => Promise.reject(new Error('not asked for here')),
    follow: (_stream, from, listener) => this.#follow(from, listener),
  };

  async *#replay({
    from,
    to,
    filters = [],
  }: {
    readonly from: number;
    readonly to: number;
    readonly filters?: readonly string[];
  }): AsyncGenerator<readonly StoredMessage[]> {
    const parsed = filters.map(parseFilter);
    for (let next = from; next <= to;) {
      const batch = await this.#ask(() =>
        this.#messages
          .filter(({ sequence }) => sequence >= next && sequence <= to)
          .filter(({ subject }) => parsed.some((filter) => filterMatches(filter, subject)))
          .slice(0, 3),
      );
      if (batch.length === 0) return;
      next = (batch.at(-1)?.sequence ?? to) + 1;
      yield batch;
    }
  }

  #follow(from: number, listener: StreamListener): StreamFollowing {
    const follower: Follower = { listener, epoch: this.#epoch, next: from };
    this.#followers.add(follower);
    if (!this.#isAway) this.#start(follower);
    return { stop: () => Promise.resolve(void this.#followers.delete(follower)) };
  }

  #whileInterrupted(change: () => void): void {
    const wasAway = this.#isAway;
    this.goAway();
    change();
    if (!wasAway) this.comeBack();
  }

  #start(follower: Follower): void {
    const isSame = follower.epoch === this.#epoch;
    follower.next = isSame ? Math.min(Math.max(follower.next, this.#first), this.#last + 1) : this.#first;
    follower.epoch = this.#epoch;
    follower.listener.onState({ state: 'live', bounds: this.bounds });
    this.#deliver();
  }

  #deliver(): void {
    if (this.#isAway) return;
    for (const follower of this.#followers) {
      for (const message of this.#messages.filter(({ sequence }) => sequence >= follower.next)) {
        follower.next = message.sequence + 1;
        follower.listener.onMessage(message);
      }
    }
  }

  /** Answers a little later, as everything that goes over a wire does. */
  async #ask<T>(answer: () => T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#isAway) throw new StreamUnavailableError('broker-unavailable', this.name);
    return answer();
  }

  #tick(): number {
    this.#clock += 1;
    return this.#clock;
  }
}
