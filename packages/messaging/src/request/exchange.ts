// One request from its arrival to its answer, and what its handler is given besides the data.
import { causeOf, type Cause } from '../contract/cause.ts';
import type { NoticeType } from '../contract/targeted-type.ts';
import type { Log, LogFields } from '../log.ts';
import type { LiveArrival } from '../ports.ts';
import type { Time } from '../time.ts';
import type { Introduction } from './received.ts';
import { isReplySubject, type ReplyTo } from './reply-to.ts';

export type RequestContext = {
  /** What the handler sends because of this request has this cause. */
  readonly cause: Cause;
  readonly log: Log;
  /** When the caller gives up; pass it on to what is called meanwhile. Absent: never. */
  readonly expiresAt: Date | undefined;
  /** Aborted when the request expires, or the replica stops and its deadline is over. */
  readonly signal: AbortSignal;
  /** Where the request wants its answer; null when it wants none. JSON keeps it whole. (Q7) */
  readonly replyTo: ReplyTo | null;
  /**
   * Sends another message to where the request came from (Q7); see `Peer.notify`. Rejects with SubjectError
   * `illegal-reply-subject` when the request came without a place for answers.
   */
  readonly reply: <Data>(type: NoticeType<Data>, data: Data) => Promise<void>;
};

type Means = {
  readonly time: Time;
  readonly log: Log;
  readonly reply: <Data>(exchange: Exchange, type: NoticeType<Data>, data: Data) => Promise<void>;
};

export class Exchange {
  readonly introduction: Introduction;
  readonly cause: Cause;
  readonly #arrival: LiveArrival;
  readonly #means: Means;
  readonly #startedAt: number;
  #controller: AbortController | null = null;
  #cancelExpiry: () => void = () => undefined;
  #isAnswered = false;

  constructor(arrival: LiveArrival, introduction: Introduction, means: Means) {
    this.introduction = introduction;
    this.cause = causeOf(introduction);
    this.#arrival = arrival;
    this.#means = means;
    this.#startedAt = means.time.now().getTime();
  }

  get replyTo(): ReplyTo | null {
    return replyToOf(this.#arrival, this.introduction);
  }

  get arrival(): LiveArrival {
    return this.#arrival;
  }

  get context(): RequestContext {
    return new Context(this, this.#means);
  }

  abort(reason: Error): void {
    this.#controller?.abort(reason);
  }

  /** What its answer needs besides the data; null when there is nobody to answer, or no more. */
  addressing(): { readonly subject: string; readonly cause: Cause } | null {
    const { replyTo: subject } = this.#arrival;
    if (subject === undefined || this.#isAnswered || !isReplySubject(subject)) return null;
    return { subject, cause: this.cause };
  }

  answered(): void {
    this.#isAnswered = true;
  }

  end(): void {
    this.#cancelExpiry();
  }

  /** For the log: every line of a request has its correlation. (Q3) */
  line(type: string): LogFields {
    const { id: messageId, correlationId, traceparent, subject } = this.introduction;
    const durationMs = this.#means.time.now().getTime() - this.#startedAt;
    return { messageId, correlationId, traceparent, subject: subject.slice(0, 255), type, durationMs };
  }

  signal(): AbortSignal {
    if (this.#controller !== null) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    const { expiresAt } = this.introduction;
    if (expiresAt !== undefined) {
      const leftMs = expiresAt.getTime() - this.#means.time.now().getTime();
      this.#cancelExpiry = this.#means.time.after(leftMs, () => controller.abort(new Error('the request has expired')));
    }
    return controller.signal;
  }
}

/** Most handlers look at little of it, so what costs something is made when it is asked for. */
class Context implements RequestContext {
  readonly cause: Cause;
  readonly log: Log;
  readonly expiresAt: Date | undefined;
  readonly reply: RequestContext['reply'];
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, { log, reply }: Means) {
    this.cause = exchange.cause;
    this.log = log;
    this.expiresAt = exchange.introduction.expiresAt;
    this.reply = (type, data) => reply(exchange, type, data);
    this.#exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal();
  }

  get replyTo(): ReplyTo | null {
    return this.#exchange.replyTo;
  }
}

function replyToOf({ replyTo: subject }: LiveArrival, introduction: Introduction): ReplyTo | null {
  if (subject === undefined || !isReplySubject(subject)) return null;
  const { id: requestId, correlationId, expiresAt, actor, traceparent, tracestate } = introduction;
  return {
    subject,
    requestId,
    correlationId,
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(actor === undefined ? {} : { actor }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}
