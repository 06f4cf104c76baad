// One run of a handler: from the bytes of a message to what is to become of it. Nothing is settled or stored here.
import { causeOf } from '../contract/cause.ts';
import { decodeMessage, type DecodeFailure, type Message } from '../contract/decode.ts';
import type { LogFields } from '../log.ts';
import type { Observer } from '../observe/observer.ts';
import { secondsSince } from '../observe/seconds-since.ts';
import { readableError } from '../readable-error.ts';
import type { ConsumptionOptions } from './consumption-options.ts';
import type { Held } from './held.ts';
import { outcomeOfError, type Outcome } from './outcome.ts';
import { retryDelayMs, type RetryPolicy } from './retry-policy.ts';
import { UnreadableMessageError } from './unreadable-message-error.ts';

/** How long a message of a newer version waits for this build to be replaced before it is a dead letter. */
const NEWER_VERSION_WAIT_MS = 60 * 60_000;

export class Handling {
  readonly #options: ConsumptionOptions;
  readonly #retry: RetryPolicy;
  readonly #signal: AbortSignal;

  /** `signal`: what handlers are told to stop by. */
  constructor(options: ConsumptionOptions, retry: RetryPolicy, signal: AbortSignal) {
    this.#options = options;
    this.#retry = retry;
    this.#signal = signal;
  }

  /** Reads the message and runs its handler, unless it cannot be read or has expired. */
  run(held: Held): Outcome | Promise<Outcome> {
    const { observer } = this.#options;
    return observer === undefined ? this.#run(held) : this.#runObserved(held, observer);
  }

  async #runObserved(held: Held, observer: Observer): Promise<Outcome> {
    const startedMs = performance.now();
    const outcome = await this.#run(held);
    observer.processed({
      group: this.#options,
      message: held.stored,
      outcome: outcome.kind,
      durationSeconds: secondsSince(startedMs),
      ...('error' in outcome && { error: outcome.error }),
    });
    return outcome;
  }

  #run(held: Held): Outcome | Promise<Outcome> {
    const { stored } = held;
    const { types, time, log } = this.#options;
    const decoded = decodeMessage(types, stored, held.metadata);
    if (!decoded.ok) return this.#outcomeOfFailure(held, decoded.failure);
    const { message } = decoded;
    const now = time.now();
    if (message.expiresAt === undefined || message.expiresAt > now) return this.#handle(held, message, now);
    log.warn(
      { messageId: message.id, subject: stored.subject, expiredAt: message.expiresAt },
      'message expired, dropped',
    ); // (G6)
    return { kind: 'expired' };
  }

  async #handle(held: Held, message: Message, now: Date): Promise<Outcome> {
    const { handler, random, log } = this.#options;
    held.runningSince = now;
    const startedAt = now.getTime();
    try {
      await handler(message, { cause: causeOf(message), log, signal: this.#signal });
      log.info(this.#line(message, startedAt), 'message handled');
      return { kind: 'done' };
    } catch (thrown) {
      const error = readableError(thrown);
      log.warn({ ...this.#line(message, startedAt), err: error, attempt: held.attempts + 1 }, 'message not handled');
      return outcomeOfError(error, held, this.#retry, random());
    } finally {
      held.runningSince = null;
    }
  }

  /** (G5) */
  #outcomeOfFailure(held: Held, failure: DecodeFailure): Outcome {
    const error = new UnreadableMessageError(failure);
    if (failure.code === 'newer-version' && held.waitedMs < NEWER_VERSION_WAIT_MS) {
      const delayMs = retryDelayMs(this.#retry, held.waits + 1, this.#options.random());
      return { kind: 'retry', delayMs, counts: false, error };
    }
    return { kind: 'dead-letter', cause: 'rejected', attempts: 1, error };
  }

  #line(message: Message, startedAt: number): LogFields {
    const { id: messageId, correlationId, traceparent, stored, type } = message;
    const durationMs = this.#options.time.now().getTime() - startedAt;
    return { messageId, correlationId, traceparent, subject: stored.subject, type: type.ceType, durationMs };
  }
}
