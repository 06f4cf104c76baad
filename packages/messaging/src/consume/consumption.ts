// A durable consumer at work: from deliveries to settled messages.
//
// G1  returning settles a message, throwing tries it again, throwing Reject sends it to the dead letters.
// G2  messages with the same key are handled one after the other, in order; when one fails its key waits, others flow.
// G3  a failed message is never redelivered in a hot loop: it waits here, its lease renewed, for a growing delay.
// G4  the lease of every message in hand is renewed, of those that wait as well as of those that run.
// G5  what cannot be read goes to the dead letters with its bytes; a newer version than ours waits for a deployment.
// G6  a message past its expiry is dropped, logged and never handled.
// G7  stopping gives back what has not started at once, starts nothing more, and waits for what runs.
// G8  a message leaves the stream's hands only after its effect or its dead letter is stored.
// G9  a message that is delivered again while it is in hand is settled with it, not handled again.
// G10 once a message is to be a dead letter it is not handled again, however long storing the letter takes.
// G11 whatever a handler, a schema or a message does, the consumption lives; what hangs shows in its state.
import { decodeMessage, keyOf, type DecodeFailure, type Message } from '../contract/decode.ts';
import { causeOf, type Cause } from '../contract/cause.ts';
import type { MessageType } from '../contract/message-type.ts';
import type { Source } from '../contract/metadata.ts';
import type { Log, LogFields } from '../log.ts';
import type { Observer } from '../observe/observer.ts';
import { secondsSince } from '../observe/seconds-since.ts';
import type { Backend, Delivery, Pull, PullState } from '../ports.ts';
import { endsWithin, pause, type Time } from '../time.ts';
import { failureOf, storeDeadLetter } from './store-dead-letter.ts';
import { heldOf, placeOf, type Held } from './held.ts';
import { Lanes, type RunEnd } from './lanes.ts';
import { ackWaitMsOf, renewLeases } from './lease-renewal.ts';
import { outcomeOfError, type Outcome } from './outcome.ts';
import { retryDelayMs, retryPolicyDefault, type RetryPolicy } from './retry-policy.ts';
import { UnreadableMessageError } from './unreadable-message-error.ts';

export type HandlerContext = {
  /** What the handler publishes because of this message has this cause. */
  readonly cause: Cause;
  readonly log: Log;
  /** Aborted when the consumption is stopped and its deadline is over. */
  readonly signal: AbortSignal;
};

export type Handler = (message: Message, context: HandlerContext) => Promise<void>;

export type ConsumptionOptions = {
  readonly stream: string;
  /** The durable consumer; also the name of the group in dead letters. */
  readonly consumer: string;
  readonly types: readonly MessageType[];
  readonly handler: Handler;
  readonly source: Source;
  readonly log: Log;
  readonly time: Time;
  readonly random: () => number;
  /** Handlers that run at once; default 16. */
  readonly concurrency?: number;
  readonly retry?: RetryPolicy;
  readonly observer?: Observer;
};

export type ConsumptionState =
  | { readonly state: 'up' }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

export type Consumption = {
  state(): ConsumptionState;
  /** (G7) Handlers still running after `withinMs` are told through their signal and left behind. */
  stop(options: { readonly withinMs: number }): Promise<void>;
};

const CONCURRENCY_DEFAULT = 16;
/** Enough that handlers never wait for the network, few enough that a stop gives little back. */
const PREFETCH_PER_HANDLER = 4;
/** How long a message of a newer version waits for this build to be replaced before it is a dead letter. */
const NEWER_VERSION_WAIT_MS = 60 * 60_000;
/** A handler that takes longer is told about: it holds a place, and its key waits behind it. */
const HANDLER_LONG_MS = 5 * 60_000;

/** Starts consuming; the broker may come later. */
export function startConsumption(backend: Backend, options: ConsumptionOptions): Consumption {
  return new RunningConsumption(backend, options);
}

class RunningConsumption implements Consumption {
  readonly #backend: Backend;
  readonly #options: ConsumptionOptions;
  readonly #retry: RetryPolicy;
  /** By where they lie. */
  readonly #held = new Map<string, Held>();
  readonly #lanes: Lanes<Held>;
  readonly #pull: Pull;
  readonly #stopping = new AbortController();
  readonly #abandoning = new AbortController();
  readonly #settled = new AbortController();
  readonly #prefetch: number;
  #pullState: PullState = { state: 'interrupted', reason: 'not started yet' };
  #stopped: Promise<void> | null = null;

  constructor(backend: Backend, options: ConsumptionOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#retry = options.retry ?? retryPolicyDefault;
    const concurrency = options.concurrency ?? CONCURRENCY_DEFAULT;
    this.#prefetch = concurrency * PREFETCH_PER_HANDLER;
    this.#lanes = new Lanes(concurrency, (held) => this.#run(held));
    this.#pull = backend.consumers.pull(options.stream, options.consumer, {
      prefetch: this.#prefetch,
      onDelivery: (delivery) => this.#take(delivery),
      onState: (state) => {
        this.#pullState = state;
        options.log.debug({ ...state, consumer: options.consumer }, 'the durable consumer changed its state');
      },
    });
    options.observer?.watchGroup(options, () => ({
      messages: this.#held.size,
      pausedKeys: this.#lanes.pausedCount,
    }));
    // (G4)
    void renewLeases({
      time: options.time,
      signal: this.#settled.signal,
      ackWaitMs: () => ackWaitMsOf(this.#pullState),
      held: () => [...this.#held.values()].flatMap(({ deliveries }) => deliveries.slice(-1)),
    });
  }

  state(): ConsumptionState {
    const { stream, consumer } = this.#options;
    if (this.#pullState.state === 'interrupted') {
      return { state: 'down', reason: `${stream}/${consumer}: ${this.#pullState.reason}` };
    }
    const { pausedCount } = this.#lanes;
    const troubles = [
      ...(pausedCount > 0 ? [`${pausedCount} keys wait for a failing message`] : []),
      ...(this.#longCount() > 0 ? [`${this.#longCount()} handlers run for more than ${HANDLER_LONG_MS} ms`] : []),
    ];
    if (troubles.length === 0) return { state: 'up' };
    if (this.#held.size >= this.#prefetch) troubles.push('no place is left for others');
    return { state: 'degraded', reason: `${stream}/${consumer}: ${troubles.join('; ')}` };
  }

  /** (G11) */
  #longCount(): number {
    const since = this.#options.time.now().getTime() - HANDLER_LONG_MS;
    return [...this.#held.values()].filter(
      ({ runningSince }) => runningSince !== null && runningSince.getTime() < since,
    ).length;
  }

  stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#stopped ??= this.#stop(withinMs);
    return this.#stopped;
  }

  async #stop(withinMs: number): Promise<void> {
    const { time } = this.#options;
    this.#stopping.abort();
    for (const held of this.#lanes.takeWaiting()) this.#giveBack(held); // (G7)
    const idle = this.#pull.stop().then(() => this.#lanes.whenIdle());
    if (!(await endsWithin(time, withinMs, idle))) this.#abandoning.abort();
    this.#settled.abort();
    await this.#backend.flush();
  }

  #take(delivery: Delivery): void {
    if (this.#stopping.signal.aborted) return delivery.giveBack(0);
    const place = placeOf(delivery.stored);
    const known = this.#held.get(place);
    if (known !== undefined) {
      known.deliveries.push(delivery); // (G9)
      return;
    }
    const held = heldOf(delivery);
    this.#held.set(place, held);
    this.#lanes.add(keyOf(held.stored, held.metadata), held); // (G2)
  }

  async #run(held: Held): Promise<RunEnd> {
    if (this.#stopping.signal.aborted) return this.#giveBack(held); // (G7) its pause was cut short
    try {
      return await this.#settleBy(held, held.verdict ?? (await this.#decide(held)));
    } catch (error) {
      // Nothing above is meant to throw; if something does, the message waits like any that failed. (G11)
      this.#options.log.error({ err: error, subject: held.stored.subject }, 'a message could not be dealt with');
      held.waits += 1;
      return this.#again(held, retryDelayMs(this.#retry, held.waits, this.#options.random()), error);
    }
  }

  async #settleBy(held: Held, outcome: Outcome): Promise<RunEnd> {
    if (outcome.kind === 'done' || outcome.kind === 'expired')
      return this.#settle(held, (delivery) => delivery.acknowledge()); // (G1)
    held.firstFailedAt ??= this.#options.time.now();
    if (outcome.kind === 'dead-letter') {
      if (held.verdict === null) held.attempts += 1;
      held.verdict = outcome; // (G10)
      return this.#bury(held, outcome.cause, outcome.error);
    }
    if (outcome.counts) held.attempts += 1;
    else held.waits += 1;
    return this.#again(held, outcome.delayMs, outcome.error);
  }

  async #decide(held: Held): Promise<Outcome> {
    const { observer } = this.#options;
    if (observer === undefined) return this.#handle(held);
    const startedMs = performance.now();
    const outcome = await this.#handle(held);
    observer.processed({
      group: this.#options,
      message: held.stored,
      outcome: outcome.kind,
      durationSeconds: secondsSince(startedMs),
      ...('error' in outcome && { error: outcome.error }),
    });
    return outcome;
  }

  async #handle(held: Held): Promise<Outcome> {
    const { stored } = held;
    const { types, handler, time, random, log } = this.#options;
    const decoded = decodeMessage(types, stored, held.metadata);
    if (!decoded.ok) return this.#outcomeOfFailure(held, decoded.failure);
    const { message } = decoded;
    if (message.expiresAt !== undefined && message.expiresAt <= time.now()) {
      log.warn(
        { messageId: message.id, subject: stored.subject, expiredAt: message.expiresAt },
        'message expired, dropped',
      ); // (G6)
      return { kind: 'expired' };
    }
    held.runningSince = time.now();
    const startedAt = held.runningSince.getTime();
    try {
      await handler(message, { cause: causeOf(message), log, signal: this.#abandoning.signal });
      log.info(this.#line(message, startedAt), 'message handled');
      return { kind: 'done' };
    } catch (error) {
      log.warn({ ...this.#line(message, startedAt), err: error, attempt: held.attempts + 1 }, 'message not handled');
      return outcomeOfError(error, held, this.#retry, random());
    } finally {
      held.runningSince = null;
    }
  }

  /** (G5) */
  #outcomeOfFailure(held: Held, failure: DecodeFailure): Outcome {
    const { time, random } = this.#options;
    const error = new UnreadableMessageError(failure);
    const since = held.firstFailedAt ?? time.now();
    if (failure.code === 'newer-version' && time.now().getTime() - since.getTime() < NEWER_VERSION_WAIT_MS) {
      return { kind: 'retry', delayMs: retryDelayMs(this.#retry, held.waits + 1, random()), counts: false, error };
    }
    return { kind: 'dead-letter', cause: 'rejected', error };
  }

  #line(message: Message, startedAt: number): LogFields {
    const { id: messageId, correlationId, traceparent, stored, type } = message;
    const durationMs = this.#options.time.now().getTime() - startedAt;
    return { messageId, correlationId, traceparent, subject: stored.subject, type: type.ceType, durationMs };
  }

  #again(held: Held, delayMs: number, error: unknown): RunEnd {
    if (this.#stopping.signal.aborted) return this.#giveBack(held);
    const { log, time } = this.#options;
    log.debug({ delayMs, err: error, subject: held.stored.subject }, 'message waits for another try'); // (G3)
    return { again: pause(time, delayMs, this.#stopping.signal) };
  }

  /** Stores the dead letter first, and only then lets go of the message. (G8) */
  async #bury(held: Held, outcome: 'rejected' | 'attempts-exhausted', error: unknown): Promise<RunEnd> {
    const { log, random, consumer, source, time } = this.#options;
    const { subject, sequence } = held.stored;
    const failure = failureOf(held, outcome, error, time.now());
    try {
      const deadLetter = await storeDeadLetter(this.#backend.publisher, held.stored, consumer, failure, source);
      log.error({ cause: failure.cause, subject, sequence, deadLetter }, 'message became a dead letter');
    } catch (refusal) {
      log.error({ err: refusal, cause: failure.cause, subject, sequence }, 'a dead letter cannot be stored; it waits');
      held.waits += 1;
      return this.#again(held, retryDelayMs(this.#retry, held.waits, random()), refusal);
    }
    this.#options.observer?.buried(this.#options, failure.cause);
    return this.#settle(held, (delivery) => delivery.terminate(failure.cause));
  }

  #giveBack(held: Held): 'settled' {
    return this.#settle(held, (delivery) => delivery.giveBack(0));
  }

  #settle(held: Held, how: (delivery: Delivery) => void): 'settled' {
    if (this.#held.delete(placeOf(held.stored))) held.deliveries.forEach(how);
    return 'settled';
  }
}
