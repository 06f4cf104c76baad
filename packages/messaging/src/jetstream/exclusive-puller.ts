// A durable consumer that one replica at a time pulls from: whoever has the lease. Its messages stay in order over a change
// of hands, because the next one begins only when nothing is left in the hands of the one before.
//
// Z3  a replica that has taken over asks for nothing until all that its predecessor had in hand is settled, or must have
//     come back: nobody renews it any more, so that is after an ack wait. The server then delivers it first. What a
//     predecessor that has released the group had in hand was settled or given back before.
// Z4  what arrives although the lease is lost is not handed over, and not given back either: it comes to the next one in
//     the order in which it was delivered.
// Z5  a group is released only when the server has worked through all that was said of its messages.
import { jetstreamManager } from '@nats-io/jetstream';
import { checkName } from '../contract/name.ts';
import type { Delivery, ExclusiveConsumers, ExclusivePull, PullOptions, PullState } from '../ports.ts';
import { pause } from '../time.ts';
import type { ConsumingStream } from './consuming-stream.ts';
import { interruptionOf, isNotThere } from './interruption.ts';
import { Lease } from './lease.ts';
import { Puller, type PullTarget } from './puller.ts';
import { Returning } from './returning.ts';

/** Short: what waits at the server when its replica is frozen must be gone before another one takes over. */
const REQUEST_EXPIRES_MS = 400;
const LOOK_MS = 50;
const ANSWER_WITHIN_MS = 1_000;
/** The server's timers are not to the millisecond. */
const ACK_WAIT_MARGIN_MS = 100;
const NANOSECONDS_PER_MS = 1_000_000;
/** With it, what a killed replica had in hand has come back in time for a take-over within five seconds. */
const ACK_WAIT_MS_MAX = 2_000;
const STANDBY = 'another replica has the group';

export function createExclusiveConsumers(
  means: Pick<PullTarget, 'link' | 'log' | 'time'>,
  records: ConsumingStream,
): ExclusiveConsumers {
  return {
    pull: (stream, consumer, options) => {
      checkName(stream);
      checkName(consumer);
      return new ExclusivePuller({ ...means, stream, consumer, options }, records);
    },
  };
}

class ExclusivePuller implements ExclusivePull {
  readonly #target: PullTarget;
  readonly #options: PullOptions;
  readonly #lease: Lease;
  /** While the lease is held, from when its predecessor's messages were seen to. */
  #puller: Puller | null = null;
  /** What its predecessor had in hand. (Z6) */
  #returning: Returning | null = null;
  #term = new AbortController();
  #said: PullState | null = null;
  #isStopped = false;

  constructor(target: PullTarget, records: ConsumingStream) {
    this.#target = target;
    this.#options = target.options;
    const { stream, consumer, log, time } = target;
    this.#say({ state: 'standby', reason: 'it is about to be learnt who has the group' });
    this.#lease = new Lease({
      records,
      key: `lease.${stream}.${consumer}`,
      stream,
      time,
      log,
      onAcquired: (wasReleased) => void this.#takeOver(wasReleased),
      onLost: () => this.#endTerm(),
      onLooked: () => this.#say({ state: 'standby', reason: STANDBY }),
      onFailure: (error) => this.#say({ state: 'interrupted', reason: this.#reasonOf(error) }),
    });
  }

  isActive(): boolean {
    return this.#lease.isHeld();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#term.abort();
    await this.#puller?.stop();
    this.#returning?.end();
  }

  async release(isSettled: boolean): Promise<void> {
    await this.stop();
    await this.#lease.end(isSettled && (await this.#hasSettled())); // (Z5)
  }

  #say(state: PullState): void {
    const isNews = JSON.stringify(state) !== JSON.stringify(this.#said);
    this.#said = state;
    if (!isNews || this.#isStopped) return;
    this.#options.onState(state);
    if (state.state === 'pulling') this.#warnOfSlowTakeOver(state.ackWaitMs);
  }

  /** (Z3) Nothing else shows it before the day a replica is killed. */
  #warnOfSlowTakeOver(ackWaitMs: number): void {
    if (ackWaitMs <= ACK_WAIT_MS_MAX) return;
    const { stream, consumer, log } = this.#target;
    log.warn(
      { stream, consumer, ackWaitMs, ackWaitMsMax: ACK_WAIT_MS_MAX },
      'when a replica of this ordered group is killed, the next one begins after the ack wait of its consumer: make it two seconds',
    );
  }

  #hasSettled(): Promise<boolean> {
    return this.#puller?.hasSettled(ANSWER_WITHIN_MS) ?? Promise.resolve(true);
  }

  #reasonOf(error: unknown): string {
    return this.#target.link.connection() === null ? 'nats-server is away' : interruptionOf(error, this.#target);
  }

  #endTerm(): void {
    this.#term.abort();
    this.#returning?.drop(); // (Z4)
    void this.#puller?.stop();
    this.#puller = null;
    this.#say({ state: 'standby', reason: 'another replica may have the group' });
  }

  async #takeOver(wasReleased: boolean): Promise<void> {
    const term = new AbortController();
    this.#term = term;
    if (this.#isStopped) return;
    this.#say({ state: 'standby', reason: 'it takes over what another replica had in hand' });
    const returning = wasReleased ? 0 : await this.#untilPredecessorIsOver(term.signal);
    if (term.signal.aborted) return;
    const { prefetch, onDelivery } = this.#options;
    this.#returning = new Returning(Math.min(returning, prefetch), this.#target.time, onDelivery);
    this.#puller = new Puller({
      ...this.#target,
      requestExpiresMs: REQUEST_EXPIRES_MS,
      mayRequest: () => this.#lease.isHeld(),
      options: {
        ...this.#options,
        onDelivery: (delivery) => this.#receive(delivery),
        onState: (state) => this.#say(state),
      },
    });
  }

  /** (Z4) */
  #receive(delivery: Delivery): void {
    if (this.#lease.isHeld()) this.#returning?.receive(delivery);
  }

  /** Resolves with how many messages come again. (Z3) */
  async #untilPredecessorIsOver(signal: AbortSignal): Promise<number> {
    const { time } = this.#target;
    const startedMs = performance.now();
    while (!signal.aborted) {
      const unsettled = await this.#unsettled();
      if (unsettled !== null && unsettled.count === 0) return 0;
      if (unsettled !== null && performance.now() - startedMs > unsettled.ackWaitMs + ACK_WAIT_MARGIN_MS)
        return unsettled.count;
      await pause(time, LOOK_MS, signal);
    }
    return 0;
  }

  /** Null: the server does not say. A consumer that is not there has nothing unsettled; the pull will tell of it. */
  async #unsettled(): Promise<{ readonly count: number; readonly ackWaitMs: number } | null> {
    const { link, stream, consumer } = this.#target;
    const connection = link.connection();
    if (connection === null) return null;
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
      const { num_ack_pending: count, config } = await manager.consumers.info(stream, consumer);
      return { count, ackWaitMs: (config.ack_wait ?? 0) / NANOSECONDS_PER_MS };
    } catch (error) {
      return isNotThere(error) ? { count: 0, ackWaitMs: 0 } : null;
    }
  }
}
