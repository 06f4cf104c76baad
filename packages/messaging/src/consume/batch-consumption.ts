// Consuming in batches, for who must record everything: messages are handed over as they were stored, in the order of
// delivery, many at a time, and are settled together after the handler has stored them together.
//
// H1  every message is handed over, readable or not, expired or not; nothing ever becomes a dead letter here.
// H2  a batch that fails is tried again, the same messages in the same order, until it succeeds.
// H3  nothing is settled before the handler has resolved.
// H4  stopping waits for the handler, its leases renewed, but not for ever; what is not recorded is given back.
import type { StoredMessage } from '../contract/decode.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe/observer.ts';
import { errorTypeOf } from '../observe/error-type.ts';
import { secondsSince } from '../observe/seconds-since.ts';
import type { Backend, Delivery, Pull, PullState } from '../ports.ts';
import { readableError } from '../readable-error.ts';
import { endsWithin, pause, type Time } from '../time.ts';
import type { ConsumptionState } from './consumption-options.ts';
import { checkCount } from './check-options.ts';
import { ackWaitMsOf, renewLeases } from './lease-renewal.ts';
import { retryDelayMs, type RetryPolicy } from './retry-policy.ts';

export type BatchConsumptionOptions = {
  readonly stream: string;
  readonly consumer: string;
  readonly handler: (messages: readonly StoredMessage[]) => Promise<void>;
  readonly log: Log;
  readonly time: Time;
  readonly random: () => number;
  /** The largest batch; default 500. */
  readonly batchMax?: number;
  readonly observer?: Observer;
};

export type BatchConsumption = {
  state(): ConsumptionState;
  /** (H4) `withinMs`: how long the handler may still take; default 10 s. */
  stop(options?: { readonly withinMs: number }): Promise<void>;
};

const BATCH_MAX_DEFAULT = 500;
const STOP_WITHIN_MS_DEFAULT = 10_000;
const RETRY: RetryPolicy = { attemptsMax: Number.POSITIVE_INFINITY, delayMsMin: 100, delayMsMax: 10_000 };

/**
 * Starts consuming; the broker may come later. A batch is whatever has arrived while the one before was stored. Throws
 * RangeError for a `batchMax` that is no whole number from 1.
 */
export function startBatchConsumption(backend: Backend, options: BatchConsumptionOptions): BatchConsumption {
  return new RunningBatchConsumption(backend, options);
}

class RunningBatchConsumption implements BatchConsumption {
  readonly #backend: Backend;
  readonly #options: BatchConsumptionOptions;
  readonly #batchMax: number;
  readonly #stopping = new AbortController();
  readonly #settled = new AbortController();
  readonly #queue: Delivery[] = [];
  readonly #pull: Pull;
  #inHand: readonly Delivery[] = [];
  #pullState: PullState = { state: 'interrupted', reason: 'not started yet' };
  #failure: string | null = null;
  #working: Promise<void> | null = null;
  #stopped: Promise<void> | null = null;

  constructor(backend: Backend, options: BatchConsumptionOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#batchMax = checkCount('batchMax', options.batchMax ?? BATCH_MAX_DEFAULT);
    this.#pull = backend.consumers.pull(options.stream, options.consumer, {
      prefetch: this.#batchMax * 2,
      onDelivery: (delivery) => {
        this.#queue.push(delivery);
        this.#work();
      },
      onState: (state) => {
        this.#pullState = state;
      },
    });
    options.observer?.watchGroup(options, () => ({
      messages: this.#inHand.length + this.#queue.length,
      pausedKeys: 0,
    }));
    const ackWaitMs = (): number => ackWaitMsOf(this.#pullState);
    const held = (): readonly Delivery[] => [...this.#inHand, ...this.#queue];
    void renewLeases({ time: options.time, signal: this.#settled.signal, ackWaitMs, held });
  }

  state(): ConsumptionState {
    const name = `${this.#options.stream}/${this.#options.consumer}`;
    if (this.#pullState.state === 'interrupted') return { state: 'down', reason: `${name}: ${this.#pullState.reason}` };
    if (this.#failure !== null) return { state: 'down', reason: `${name}: ${this.#failure}` };
    return { state: 'up' };
  }

  stop({ withinMs } = { withinMs: STOP_WITHIN_MS_DEFAULT }): Promise<void> {
    this.#stopped ??= this.#stop(withinMs);
    return this.#stopped;
  }

  async #stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    const idle = this.#pull.stop().then(() => this.#working);
    await endsWithin(this.#options.time, withinMs, idle);
    this.#settled.abort();
    for (const delivery of [...this.#inHand, ...this.#queue.splice(0)]) delivery.giveBack(0);
    this.#inHand = [];
    await this.#backend.flush();
  }

  /** Works until nothing waits, unless that is going on already. */
  #work(): void {
    this.#working ??= this.#recordAll().finally(() => {
      this.#working = null;
      if (this.#queue.length > 0 && !this.#stopping.signal.aborted) this.#work();
    });
  }

  async #recordAll(): Promise<void> {
    const { random, time } = this.#options;
    let attempt = 1;
    while (this.#inHand.length + this.#queue.length > 0 && !this.#stopping.signal.aborted) {
      if (this.#inHand.length === 0) this.#inHand = this.#queue.splice(0, this.#batchMax);
      if (await this.#record(this.#inHand)) attempt = 1;
      else await pause(time, retryDelayMs(RETRY, attempt++, random()), this.#stopping.signal); // (H2)
    }
  }

  async #record(batch: readonly Delivery[]): Promise<boolean> {
    const { stream, consumer, handler, log, observer } = this.#options;
    const startedMs = performance.now();
    const observe = (outcome: 'done' | 'retry', error?: unknown): void =>
      observer?.processed({
        group: this.#options,
        message: null,
        outcome,
        durationSeconds: secondsSince(startedMs),
        error,
      });
    try {
      await handler(batch.map((delivery) => delivery.stored)); // (H1)
    } catch (thrown) {
      const error = readableError(thrown);
      this.#failure = `a batch cannot be recorded (${errorTypeOf(error)}); the log says why`;
      log.error({ err: error, stream, consumer, messages: batch.length }, 'batch not recorded');
      observe('retry', error);
      return false;
    }
    this.#failure = null;
    observe('done');
    for (const delivery of batch) delivery.acknowledge(); // (H3)
    this.#inHand = [];
    return true;
  }
}
