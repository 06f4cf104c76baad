// Which of several replicas has a group: a record that its holder writes again and again, each time on condition that the
// last one was its own. The server decides by that condition; no clock is compared with another one's.
//
// Z1  at most one replica holds it: a holder that could not renew for `HELD_MS` knows without being told that it has lost
//     it, before anybody else may take it, which is after `FREE_AFTER_MS` without a renewal.
// Z2  what is released is taken at once; what its holder has died with, `FREE_AFTER_MS` later.
// It is no fence for what a holder had begun before it was frozen: that is what an inbox is for.
import { createInbox } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { pause, type Time } from '../time.ts';
import { ConsumingStreamError, type ConsumingStream } from './consuming-stream.ts';

/** Several of them fit into the time that a holder may be silent. */
const RENEWAL_MS = 300;
const HELD_MS = 1_300;
/** `HELD_MS` and the longest request of a pull together: none of a frozen holder waits at the server then. */
const FREE_AFTER_MS = 1_700;
const LOOK_MS = 300;
const ANSWER_WITHIN_MS = 1_000;
const WRONG_LAST_SEQUENCE = 10_071;

const recordSchema = z.object({ holder: z.string().nullable() });

export type LeaseOptions = {
  readonly records: ConsumingStream;
  /** Tokens of a subject. */
  readonly key: string;
  readonly stream: string;
  readonly time: Time;
  readonly log: Log;
  /** `wasReleased`: its last holder has given it up by itself. */
  readonly onAcquired: (wasReleased: boolean) => void;
  /** Called in the moment in which it is known; `isHeld` is false from then on. */
  readonly onLost: () => void;
  /** Somebody else holds it. */
  readonly onLooked: () => void;
  /** Who holds it cannot be told; there is another look. */
  readonly onFailure: (error: unknown) => void;
};

export class Lease {
  readonly #options: LeaseOptions;
  /** Nobody else's. */
  readonly #holder = createInbox();
  readonly #stopping = new AbortController();
  readonly #unwatch: () => void;
  readonly #ended: Promise<void>;
  #isHeld = false;
  /** Of the record that was last written here or seen. */
  #revision = 0;
  #seenAtMs = 0;
  /** By a clock that nobody sets. */
  #heldUntilMs = 0;
  #wake = new AbortController();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#unwatch = options.records.watch(options.key, () => this.#wake.abort());
    this.#ended = this.#run();
  }

  /** (Z1) */
  isHeld(): boolean {
    if (this.#isHeld && performance.now() >= this.#heldUntilMs) this.#lose('it could not be renewed in time');
    return this.#isHeld;
  }

  /** Renews it no more; the next one may have it at once, if it is `free`, or when it has run out. May be called again. */
  async end(free: boolean): Promise<void> {
    if (this.#stopping.signal.aborted) return this.#ended;
    this.#stopping.abort();
    this.#unwatch();
    await this.#ended;
    if (!this.isHeld()) return;
    this.#isHeld = false;
    if (!free) return;
    // Without it the next one has to wait until the lease runs out, which is all that is lost.
    await this.#write(null).catch((error: unknown) => this.#options.log.debug({ err: error }, 'a lease runs out'));
  }

  async #run(): Promise<void> {
    const { time } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      await (this.isHeld() ? this.#renew() : this.#compete());
      const signal = AbortSignal.any([this.#stopping.signal, ...(this.#isHeld ? [] : [this.#wake.signal])]);
      await pause(time, this.#isHeld ? RENEWAL_MS : LOOK_MS, signal);
    }
  }

  async #renew(): Promise<void> {
    try {
      await this.#hold();
    } catch (error) {
      if (isOvertaken(error)) await this.#learn();
      this.isHeld();
    }
  }

  /** The last record is another one than we knew: our own, whose acknowledgement was lost, or somebody else's. */
  async #learn(): Promise<void> {
    const found = await this.#read().catch(() => null);
    if (found !== null && found.holder === this.#holder) this.#revision = found.revision;
    else if (found !== null) this.#lose('another replica has taken it');
  }

  async #compete(): Promise<void> {
    try {
      const { holder, revision } = await this.#read();
      const wasReleased = holder === null && revision > 0;
      const isFree = holder === null || holder === this.#holder;
      if (!isFree && revision !== this.#revision) this.#seenAtMs = performance.now();
      this.#revision = revision;
      if (!isFree && performance.now() - this.#seenAtMs < FREE_AFTER_MS) return this.#options.onLooked();
      await this.#hold();
      this.#isHeld = true;
      this.#options.onAcquired(wasReleased);
    } catch (error) {
      if (isOvertaken(error)) return; // somebody else was faster
      this.#options.log.debug({ err: error, key: this.#options.key }, 'a lease could not be asked for');
      if (!this.#stopping.signal.aborted) this.#options.onFailure(error);
    }
  }

  /** Counts from when it was asked for: who answers late has waited for us, too. */
  async #hold(): Promise<void> {
    const askedAtMs = performance.now();
    this.#revision = await this.#write(this.#holder);
    this.#heldUntilMs = askedAtMs + HELD_MS;
  }

  #write(holder: string | null): Promise<number> {
    const { records, key, stream } = this.#options;
    return records.write(key, { holder }, stream, { after: this.#revision, withinMs: ANSWER_WITHIN_MS });
  }

  async #read(): Promise<{ readonly holder: string | null; readonly revision: number }> {
    const found = await this.#options.records.read(this.#options.key, this.#stopping.signal);
    return found === null
      ? { holder: null, revision: 0 }
      : { ...recordSchema.parse(found.value), revision: found.revision };
  }

  #lose(reason: string): void {
    this.#isHeld = false;
    this.#options.log.warn({ key: this.#options.key, reason }, 'a lease was lost');
    this.#options.onLost();
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ConsumingStreamError && error.code === WRONG_LAST_SEQUENCE;
}
