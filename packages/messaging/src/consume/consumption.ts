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
// G15 an ordered group is at work in one replica at a time: one that has lost it begins nothing more and gives back what
//     waits, one that stops hands it over when everything is settled.
import { keyOf } from '../contract/decode.ts';
import { StreamUnavailableError, Unavailable } from '../errors.ts';
import type { Redriven } from '../dead-letters/redriven-message.ts';
import type { Backend, Delivery, ExclusivePull, PullState } from '../ports.ts';
import { endsWithin, pause } from '../time.ts';
import { checkCount, checkRetryPolicy, checkSource, checkTypes } from './check-options.ts';
import type { Consumption, ConsumptionOptions, ConsumptionState } from './consumption-options.ts';
import { consumptionState, HANDLER_LONG_MS } from './consumption-state.ts';
import { Handling } from './handling.ts';
import { Hands } from './hands.ts';
import type { Held } from './held.ts';
import { Lanes, type RunEnd } from './lanes.ts';
import { ackWaitMsOf, renewLeases } from './lease-renewal.ts';
import { outcomeOfError, type GivenUp, type Outcome } from './outcome.ts';
import { pullGroup, type ExclusiveBackend } from './pull-group.ts';
import { retryDelayMs, retryPolicyDefault, type RetryPolicy } from './retry-policy.ts';
import { Solitude } from './solitude.ts';
import { failureOf, storeDeadLetter } from './store-dead-letter.ts';
import { Suspects } from './suspects.ts';

const CONCURRENCY_DEFAULT = 16;
const CRASHES_MAX_DEFAULT = 3;
/** Enough that handlers never wait for the network, few enough that a stop gives little back. */
const PREFETCH_PER_HANDLER = 4;
/** A broker that hangs keeps nobody from stopping. */
const FORGIVE_WITHIN_MS = 2_000;

/**
 * Starts consuming; the broker may come later. Throws RangeError for limits, SubjectError for names that are none, TypeError
 * for types of which two could take the same message.
 */
export function startConsumption(
  backend: Backend,
  options: ConsumptionOptions & { readonly ordered?: false },
): Consumption;
/** An ordered group: one replica is active, the others stand by. (G15) */
export function startConsumption(backend: ExclusiveBackend, options: ConsumptionOptions): Consumption;
export function startConsumption(backend: Backend | ExclusiveBackend, options: ConsumptionOptions): Consumption {
  return new RunningConsumption(backend, options);
}

type Failed = Extract<Outcome, { readonly kind: 'retry' | 'dead-letter' }>;

/** One function for all messages. */
const acknowledge = (delivery: Delivery): void => delivery.acknowledge();

class RunningConsumption implements Consumption {
  readonly #backend: Backend | ExclusiveBackend;
  readonly #options: ConsumptionOptions;
  readonly #retry: RetryPolicy;
  readonly #hands = new Hands();
  readonly #handling: Handling;
  readonly #solitude: Solitude;
  readonly #suspects: Suspects;
  readonly #lanes: Lanes<Held>;
  readonly #pull: ExclusivePull;
  readonly #stopping = new AbortController();
  /** Aborted when nothing more may be begun, until the group is ours again. */
  #term = new AbortController();
  readonly #abandoning = new AbortController();
  readonly #settled = new AbortController();
  readonly #prefetch: number;
  #pullState: PullState = { state: 'interrupted', reason: 'not started yet' };
  #redrivePullState: PullState | null = null;
  #stopped: Promise<void> | null = null;

  constructor(backend: Backend | ExclusiveBackend, options: ConsumptionOptions) {
    this.#backend = backend;
    this.#options = options;
    this.#retry = options.retry ?? retryPolicyDefault;
    checkRetryPolicy(this.#retry);
    checkSource(options.source);
    checkTypes(options.types);
    this.#handling = new Handling(options, this.#retry, this.#abandoning.signal);
    this.#solitude = options.solitude ?? new Solitude(options.time);
    this.#suspects = new Suspects({
      ...options,
      records: backend.crashes,
      solitude: this.#solitude,
      crashesMax: checkCount('crashesMax', options.crashesMax ?? CRASHES_MAX_DEFAULT),
      stopping: this.#stopping.signal,
      abandoning: this.#abandoning.signal,
    });
    const concurrency = checkCount('concurrency', options.concurrency ?? CONCURRENCY_DEFAULT);
    this.#prefetch = concurrency * PREFETCH_PER_HANDLER;
    this.#lanes = new Lanes(concurrency, (held) => this.#run(held));
    this.#pull = this.#startPulling();
    options.observer?.watchGroup(options, () => ({
      messages: this.#hands.size,
      pausedKeys: this.#lanes.pausedCount,
    }));
    // (G4)
    void renewLeases({
      time: options.time,
      signal: this.#settled.signal,
      ackWaitMs: () => Math.min(ackWaitMsOf(this.#pullState), ackWaitMsOf(this.#redrivePullState ?? this.#pullState)),
      held: () => (this.#pull.isActive() ? this.#hands.newest() : []),
    });
  }

  state(): ConsumptionState {
    const now = this.#options.time.now().getTime();
    return consumptionState(this.#options, {
      pull: this.#pullState,
      redrivePull: this.#redrivePullState,
      pausedKeys: this.#lanes.pausedCount,
      handlersLong: this.#hands.runningSinceBefore(new Date(now - HANDLER_LONG_MS)), // (G11)
      isFull: this.#hands.size >= this.#prefetch,
    });
  }

  stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#stopped ??= this.#stop(withinMs);
    return this.#stopped;
  }

  async #stop(withinMs: number): Promise<void> {
    const { time, ordered } = this.#options;
    const pulled = this.#pull.stop();
    // What is given back while something is still asked for comes back here, and its order is lost. (G15)
    if (ordered === true) await endsWithin(time, withinMs, pulled);
    this.#stopping.abort();
    this.#term.abort();
    if (ordered !== true) this.#giveBackWaiting(); // (G7) else by its lane, after what runs before it
    const isIdle = await endsWithin(
      time,
      withinMs,
      pulled.then(() => this.#lanes.whenIdle()),
    );
    this.#giveBackWaiting();
    if (!isIdle) await this.#abandon();
    this.#settled.abort();
    await this.#backend.flush();
    await this.#pull.release(isIdle); // (G15)
  }

  /** Handlers that still run are left behind, and their messages with them. */
  async #abandon(): Promise<void> {
    this.#abandoning.abort();
    await endsWithin(this.#options.time, FORGIVE_WITHIN_MS, this.#suspects.forgive()); // (G13)
  }

  #startPulling(): ExclusivePull {
    const { consumer, log } = this.#options;
    return pullGroup(this.#backend, this.#options, this.#prefetch, {
      onDelivery: (delivery, redriven) => this.#take(delivery, redriven),
      onState: (state) => {
        this.#pullState = state;
        log.debug({ ...state, consumer }, 'the durable consumer changed its state');
        if (state.state === 'standby') this.#term.abort(); // (G15)
        else if (this.#term.signal.aborted && !this.#stopping.signal.aborted) this.#term = new AbortController();
      },
      onRedriveState: (state) => void (this.#redrivePullState = state),
    });
  }

  #giveBackWaiting(): void {
    for (const held of this.#lanes.takeWaiting()) this.#giveBack(held);
  }

  #take(delivery: Delivery, redriven: Redriven | null): void {
    if (this.#stopping.signal.aborted && this.#options.ordered !== true) return delivery.giveBack(0);
    const held = this.#hands.take(delivery, redriven);
    if (held !== null) this.#lanes.add(keyOf(held.stored, held.metadata), held); // (G2)
  }

  async #run(held: Held): Promise<RunEnd> {
    if (this.#isOver()) return this.#giveBack(held); // (G7) its pause was cut short
    try {
      const outcome = held.verdict ?? (await (held.isSuspect ? this.#decideAlone(held) : this.#decide(held)));
      if (outcome === null) return this.#giveBack(held);
      if (outcome.kind === 'done' || outcome.kind === 'expired') return this.#acknowledge(held); // (G1)
      return await this.#settleFailed(held, outcome);
    } catch (error) {
      // Nothing above is meant to throw; if something does, the message waits like any that failed. (G11)
      this.#options.log.error({ err: error, subject: held.stored.subject }, 'a message could not be dealt with');
      held.waits += 1;
      return this.#again(held, retryDelayMs(this.#retry, held.waits, this.#options.random()), error);
    }
  }

  /** Null: it was stopped before anything was done with it. */
  async #decide(held: Held): Promise<Outcome | null> {
    const ticket = this.#solitude.tryEnter() ?? (await this.#solitude.enter(this.#stopping.signal));
    if (ticket === null) return null;
    try {
      return await this.#begin(held);
    } finally {
      this.#solitude.leave(ticket);
    }
  }

  /** Whoever has waited for its turn may have lost the group meanwhile. (G15) */
  #begin(held: Held): Outcome | Promise<Outcome> | null {
    return this.#isOver() ? null : this.#handling.run(held);
  }

  /** (G12) What cannot be recorded waits, as for anything else that is away. */
  async #decideAlone(held: Held): Promise<Outcome | null> {
    try {
      return await this.#suspects.run(held, async () => this.#begin(held));
    } catch (cause) {
      if (!(cause instanceof StreamUnavailableError)) throw cause;
      const away = new Unavailable('that it is about to run cannot be recorded', { cause });
      return outcomeOfError(away, held, this.#retry, this.#options.random());
    }
  }

  #acknowledge(held: Held): 'settled' {
    return this.#settle(held, acknowledge);
  }

  #settleFailed(held: Held, outcome: Failed): RunEnd | Promise<RunEnd> {
    held.firstFailedAt ??= this.#options.time.now();
    if (outcome.kind === 'dead-letter') {
      if (held.verdict === null) held.attempts += outcome.attempts;
      held.verdict = outcome; // (G10)
      return this.#bury(held, outcome.cause, outcome.error);
    }
    if (outcome.counts) held.attempts += 1;
    else {
      held.waits += 1;
      held.waitedMs += outcome.delayMs;
    }
    return this.#again(held, outcome.delayMs, outcome.error);
  }

  #again(held: Held, delayMs: number, error: unknown): RunEnd {
    if (this.#isOver()) return this.#giveBack(held);
    const { log, time } = this.#options;
    log.debug({ delayMs, err: error, subject: held.stored.subject }, 'message waits for another try'); // (G3)
    // A term that ends cuts the pause short; one that has ended already would make it none, again and again. (G3)
    const { signal } = this.#term.signal.aborted ? this.#stopping : this.#term;
    return { again: pause(time, delayMs, signal) };
  }

  /** Stores the dead letter first, and only then lets go of the message. (G8) */
  async #bury(held: Held, outcome: GivenUp, error: unknown): Promise<RunEnd> {
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

  /** Nothing more may be begun here. (G7, G15) */
  #isOver(): boolean {
    return this.#stopping.signal.aborted || !this.#pull.isActive();
  }

  /**
   * What is given back comes again in the order in which it was: once the group may be another one's that is a gamble, and
   * it is left to come back by itself, in the order in which it was delivered. (G15)
   */
  #giveBack(held: Held): 'settled' {
    if (this.#pull.isActive()) this.#hands.giveBack(held);
    else this.#hands.drop(held);
    return 'settled';
  }

  #settle(held: Held, how: (delivery: Delivery) => void): 'settled' {
    this.#hands.settle(held, how);
    return 'settled';
  }
}
