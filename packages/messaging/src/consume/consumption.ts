// A durable consumer at work: from deliveries to settled messages.
//
// G1  returning settles a message, throwing tries it again, throwing Reject sends it to the dead letters.
// G2  messages with the same key are handled one after the other, in order; when one fails its key waits, others flow.
// G3  a failed message is never redelivered in a hot loop: it waits here, its lease renewed, for a growing delay.
// G4  the lease of every message in hand is renewed, of those that wait as well as of those that run.
// G5  what cannot be read goes to the dead letters with its bytes; a newer version than ours waits for a deployment.
// G6  a message past its expiry is dropped, counted and never handled.
// G7  stopping gives back what has not started at once, and waits for what runs.
// G8  a message leaves the stream's hands only after its effect or its dead letter is stored.
// G9  a message that is delivered again while it is in hand is settled with it, not handled again.
import { decodeMessage, keyOf, type DecodeFailure, type Message, type StoredMessage } from '../contract/decode.ts';
import { causeOf, type Cause } from '../contract/cause.ts';
import type { MessageType } from '../contract/message-type.ts';
import type { Source } from '../contract/metadata.ts';
import type { Log } from '../log.ts';
import type { Backend, Delivery, Pull, PullState } from '../ports.ts';
import { pause, type Time } from '../time.ts';
import { deadLetterOf, type DeadLetterCause } from './dead-letter.ts';
import { Lanes, type RunEnd } from './lanes.ts';
import { ackWaitMsOf, renewLeases } from './lease-renewal.ts';
import { outcomeOfError, type Outcome } from './outcome.ts';
import { retryDelayMs, retryPolicyDefault, type RetryPolicy } from './retry-policy.ts';

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

/** A message in hand. */
type Held = {
  readonly stored: StoredMessage;
  /** More than one when it was delivered again meanwhile. (G9) */
  readonly deliveries: Delivery[];
  attempts: number;
  waits: number;
  firstFailedAt: Date | null;
};

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
    if (pausedCount === 0) return { state: 'up' };
    const full = this.#held.size >= this.#prefetch ? '; no place is left for others' : '';
    return {
      state: 'degraded',
      reason: `${stream}/${consumer}: ${pausedCount} keys wait for a failing message${full}`,
    };
  }

  stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#stopped ??= this.#stop(withinMs);
    return this.#stopped;
  }

  async #stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#pull.stop();
    for (const held of this.#lanes.takeWaiting()) this.#settle(held, (delivery) => delivery.giveBack(0)); // (G7)
    const cancel = this.#options.time.after(withinMs, () => this.#abandoning.abort());
    await Promise.race([this.#lanes.whenIdle(), aborted(this.#abandoning.signal)]);
    cancel();
    this.#settled.abort();
    await this.#backend.flush();
  }

  #take(delivery: Delivery): void {
    const { stored } = delivery;
    if (this.#stopping.signal.aborted) return delivery.giveBack(0);
    const known = this.#held.get(placeOf(stored));
    if (known !== undefined) {
      known.deliveries.push(delivery); // (G9)
      return;
    }
    const held: Held = { stored, deliveries: [delivery], attempts: 0, waits: 0, firstFailedAt: null };
    this.#held.set(placeOf(stored), held);
    this.#lanes.add(keyOf(stored), held); // (G2)
  }

  async #run(held: Held): Promise<RunEnd> {
    const outcome = await this.#handle(held);
    if (outcome.kind === 'done') {
      this.#settle(held, (delivery) => delivery.acknowledge()); // (G1)
      return 'settled';
    }
    if (outcome.kind === 'dead-letter') return this.#bury(held, outcome.cause, outcome.error);
    if (outcome.counts) held.attempts += 1;
    else held.waits += 1;
    return this.#again(held, outcome.delayMs, outcome.error);
  }

  async #handle(held: Held): Promise<Outcome> {
    const { stored } = held;
    const { types, handler, time, random, log } = this.#options;
    const decoded = decodeMessage(types, stored);
    if (!decoded.ok) return this.#outcomeOfFailure(held, decoded.failure);
    const { message } = decoded;
    if (message.expiresAt !== undefined && message.expiresAt <= time.now()) {
      log.warn(
        { messageId: message.id, subject: stored.subject, expiredAt: message.expiresAt },
        'message expired, dropped',
      ); // (G6)
      return { kind: 'done' };
    }
    const startedAt = time.now().getTime();
    try {
      await handler(message, { cause: causeOf(message), log, signal: this.#abandoning.signal });
      log.info(this.#line(message, startedAt), 'message handled');
      return { kind: 'done' };
    } catch (error) {
      log.warn({ ...this.#line(message, startedAt), error, attempt: held.attempts + 1 }, 'message not handled');
      return outcomeOfError(error, held, this.#retry, random());
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

  #line(message: Message, startedAt: number): object {
    const { id: messageId, correlationId, traceparent, stored, type } = message;
    const durationMs = this.#options.time.now().getTime() - startedAt;
    return { messageId, correlationId, traceparent, subject: stored.subject, type: type.ceType, durationMs };
  }

  #again(held: Held, delayMs: number, error: unknown): RunEnd {
    held.firstFailedAt ??= this.#options.time.now();
    if (this.#stopping.signal.aborted) {
      this.#settle(held, (delivery) => delivery.giveBack(0));
      return 'settled';
    }
    const { log, time } = this.#options;
    log.debug({ delayMs, error, subject: held.stored.subject }, 'message waits for another try'); // (G3)
    return { again: pause(time, delayMs, this.#stopping.signal) };
  }

  /** Stores the dead letter first, and only then lets go of the message. (G8) */
  async #bury(held: Held, outcome: 'rejected' | 'attempts-exhausted', error: unknown): Promise<RunEnd> {
    const { consumer, source, time, log, random } = this.#options;
    const { stored } = held;
    const cause: DeadLetterCause = error instanceof UnreadableMessageError ? error.failure.code : outcome;
    const lastFailedAt = time.now();
    const letter = deadLetterOf(
      stored,
      consumer,
      {
        cause,
        reason: error instanceof Error ? error.message : String(error),
        stack: error instanceof Error ? error.stack : undefined,
        attempts: held.attempts + 1,
        firstFailedAt: held.firstFailedAt ?? lastFailedAt,
        lastFailedAt,
      },
      source,
    );
    try {
      await this.#backend.publisher.publish(letter);
    } catch (failure) {
      held.waits += 1;
      return this.#again(held, retryDelayMs(this.#retry, held.waits, random()), failure);
    }
    log.error(
      { cause, subject: stored.subject, sequence: stored.sequence, deadLetter: letter.id },
      'message became a dead letter',
    );
    this.#settle(held, (delivery) => delivery.terminate(cause));
    return 'settled';
  }

  #settle(held: Held, how: (delivery: Delivery) => void): void {
    if (this.#held.delete(placeOf(held.stored))) held.deliveries.forEach(how);
  }
}

function placeOf({ epoch, sequence }: StoredMessage): string {
  return `${epoch}:${sequence}`;
}

/** A message that could not be read, as an error that carries why. */
class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
  readonly failure: DecodeFailure;

  constructor(failure: DecodeFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
