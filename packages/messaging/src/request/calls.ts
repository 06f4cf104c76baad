// Requests on their way: one inbox for all their replies, and one timer for all their deadlines.
//
// Q10 whatever is answered, or not, a call ends with a reply or one of its errors, and costs no other call anything;
//     what is not known to have been handled or not is said to be unknown.
// Q11 a request made while the broker is away is sent when it is back, within its deadline. One that was on its way when
//     the connection was lost fails at once, outcome unknown, unless its contract says it is idempotent: then it is
//     sent again with the same id. Replicas come back in any order: that nobody serves it yet is then not believed
//     for a moment.
// Q12 at most `inFlightMax` requests are on their way; one more is refused at once.
import type { Cause } from '../contract/cause.ts';
import type { RequestType } from '../contract/targeted-type.ts';
import type { LiveArrival, LiveMessage, LiveMessages } from '../ports.ts';
import { CallError } from './errors.ts';
import { outgoing, type Sender } from './outgoing.ts';
import { readReply, type Reply } from './reply.ts';
import { replicaPrefix, subjectFor, type Target } from './target.ts';

/** Time is counted in sweeps: neither a jump of the clock nor a stalled process makes a reply late. */
const SWEEP_INTERVAL_MS = 50;
/** After an outage of the broker everybody is back within that: dialling again takes half a second, failing two. */
const BACK_WITHIN_MS = 3_000;

export type CallOptions = {
  readonly to: Target;
  /** What the request follows from; absent: it is where a correlation begins. */
  readonly cause?: Cause;
  /**
   * Instead of the contract's; 0 = never, and then only `signal`, a lost connection or a stop ends the waiting. Below 0 it
   * is over already.
   */
  readonly timeoutMs?: number;
  /** The deadline of what the caller itself is answering: the request expires no later. */
  readonly expiresAt?: Date | undefined;
  readonly signal?: AbortSignal;
};

type Pending = {
  readonly message: LiveMessage;
  readonly isIdempotent: boolean;
  /** On the clock of the sweeps. */
  readonly deadlineAt: number;
  readonly receive: (arrival: LiveArrival) => void;
  readonly reject: (error: CallError) => void;
  readonly forgetSignal: () => void;
  wasSent: boolean;
  /** It was sent before the connection was lost, too: somebody may have handled it. */
  isInDoubt: boolean;
  /** Until then, on the clock of the sweeps, that nobody serves it is answered by sending it again. */
  patientUntil: number;
};

export class Calls {
  readonly #live: LiveMessages;
  readonly #sender: Sender;
  readonly #inFlightMax: number;
  readonly #replyPrefix: string;
  /** Starts with a digit, as no message type does, and tells this process from the one before with the same name. */
  readonly #nonce: string;
  readonly #pending = new Map<string, Pending>();
  #count = 0;
  #late = 0;
  #sweptMs = 0;
  #cancelSweep: (() => void) | null = null;
  #isStopped = false;

  constructor(live: LiveMessages, sender: Sender, inFlightMax: number) {
    this.#live = live;
    this.#sender = sender;
    this.#inFlightMax = inFlightMax;
    this.#replyPrefix = replicaPrefix(sender.source.replica);
    this.#nonce = `0${sender.newId().replace(/[^A-Za-z0-9]/g, '')}-`;
  }

  /** How many are on their way, and how many replies came when nobody waited for them any more. */
  counts(): { readonly inFlight: number; readonly late: number } {
    return { inFlight: this.#pending.size, late: this.#late };
  }

  ask<Input, Output>(type: RequestType<Input, Output>, input: Input, options: CallOptions): Promise<Reply<Output>> {
    return new Promise((resolve, reject) => {
      this.#refuseIfImpossible(type.name, options.signal);
      const timeoutMs = this.#timeoutMs(type, options);
      const token = `${this.#nonce}${(this.#count++).toString(36)}`;
      const receive = (arrival: LiveArrival): void => {
        try {
          resolve(readReply(type, arrival));
        } catch (error) {
          reject(error);
        }
      };
      this.#pending.set(token, {
        message: this.#message(type, input, options, timeoutMs, token),
        isIdempotent: type.idempotent,
        deadlineAt: this.#sweptMs + SWEEP_INTERVAL_MS + timeoutMs,
        receive,
        reject,
        forgetSignal: this.#heed(options.signal, token),
        wasSent: false,
        isInDoubt: false,
        patientUntil: 0,
      });
      this.#send(token);
      this.#cancelSweep ??= this.#sender.time.after(SWEEP_INTERVAL_MS, () => this.#sweep());
    });
  }

  receive(token: string, arrival: LiveArrival): void {
    const waiting = this.#pending.get(token);
    if (waiting === undefined) this.#late += 1;
    else if (arrival.nobodyListens && this.#sweptMs < waiting.patientUntil) waiting.wasSent = false; // (Q11)
    else if (arrival.nobodyListens && waiting.isInDoubt) this.#fail(token, 'disconnected', 'nobody serves it any more');
    else this.#settle(token)?.receive(arrival);
  }

  up(): void {
    for (const [token, pending] of this.#pending) {
      pending.patientUntil = this.#sweptMs + BACK_WITHIN_MS;
      this.#send(token); // (Q11)
    }
  }

  down(): void {
    for (const [token, pending] of this.#pending) {
      if (!pending.wasSent) continue;
      pending.isInDoubt = true;
      pending.wasSent = false;
      if (!pending.isIdempotent) this.#fail(token, 'disconnected', 'the connection was lost before an answer came'); // (Q11)
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelSweep?.();
    for (const token of this.#pending.keys()) this.#fail(token, 'stopped', 'this process stops before an answer came');
  }

  #refuseIfImpossible(typeName: string, signal: AbortSignal | undefined): void {
    const refuse = (code: CallError['code'], reason: string): never => {
      throw new CallError(code, `${typeName} was not sent: ${reason}`, { wasSent: false, cause: signal?.reason });
    };
    if (this.#isStopped) refuse('stopped', 'this process stops');
    if (signal?.aborted) refuse('aborted', 'its caller has given it up');
    if (this.#pending.size >= this.#inFlightMax) {
      refuse('too-many-in-flight', `${this.#inFlightMax} requests wait for their replies; try again later`); // (Q12)
    }
  }

  /** Infinity when it never expires. Throws RangeError, CallError `timeout`. */
  #timeoutMs<Input, Output>(type: RequestType<Input, Output>, { timeoutMs, expiresAt }: CallOptions): number {
    const own = timeoutMs ?? type.timeoutMs;
    if (Number.isNaN(own)) throw new RangeError(`timeoutMs of the call of ${type.name} is no number`);
    const left = expiresAt === undefined ? Infinity : expiresAt.getTime() - this.#sender.time.now().getTime();
    if (left > 0 && own >= 0) return Math.min(own > 0 ? own : Infinity, left);
    throw new CallError('timeout', `${type.name} was not sent: what it is needed for has expired`, { wasSent: false });
  }

  #message<Input, Output>(
    type: RequestType<Input, Output>,
    input: Input,
    { to, cause }: CallOptions,
    timeoutMs: number,
    token: string,
  ): LiveMessage {
    return outgoing(this.#sender, type.input, input, {
      subject: subjectFor(to, type),
      replyTo: `${this.#replyPrefix}.${type.protocol}.${token}`,
      cause,
      timeoutMs,
    }).message;
  }

  #heed(signal: AbortSignal | undefined, token: string): () => void {
    if (signal === undefined) return () => undefined;
    const abort = (): void => this.#fail(token, 'aborted', 'its caller has given it up', signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }

  #send(token: string): void {
    const pending = this.#pending.get(token);
    if (pending === undefined) return;
    try {
      if (this.#live.send(pending.message)) pending.wasSent = true;
    } catch (cause) {
      this.#fail(token, 'unsendable', String(cause), cause);
    }
  }

  #fail(token: string, code: CallError['code'], reason: string, cause?: unknown): void {
    const pending = this.#settle(token);
    if (pending === undefined) return;
    const { message } = pending;
    const wasSent = pending.wasSent || pending.isInDoubt;
    pending.reject(new CallError(code, `the request to ${message.subject}: ${reason}`, { cause, wasSent }));
  }

  #settle(token: string): Pending | undefined {
    const pending = this.#pending.get(token);
    if (pending === undefined) return undefined;
    this.#pending.delete(token);
    pending.forgetSignal();
    return pending;
  }

  #sweep(): void {
    this.#sweptMs += SWEEP_INTERVAL_MS;
    for (const [token, { deadlineAt, wasSent, isInDoubt }] of this.#pending) {
      if (this.#sweptMs < deadlineAt) {
        if (!wasSent) this.#send(token);
      } else if (wasSent || isInDoubt) this.#fail(token, 'timeout', 'nobody has answered in time');
      else this.#fail(token, 'unavailable', 'it could not be sent before its deadline');
    }
    const isIdle = this.#pending.size === 0;
    this.#cancelSweep = isIdle ? null : this.#sender.time.after(SWEEP_INTERVAL_MS, () => this.#sweep());
  }
}

/** Whether the last token of a subject is the number of a request, of this process or of another. */
export function isReplyToken(token: string): boolean {
  return /^\d/.test(token);
}
