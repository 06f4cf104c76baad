// One type of request (or notice) being served by one replica: from what arrives to what is answered.
//
// Q3  what has expired is dropped, counted, never handled, and not answered: nobody waits for it any more.
// Q12 at most `concurrency` handlers run and a bounded number of requests waits; one more is answered 503 at once.
// Q13 stopping leaves the queue group first, so that another replica takes what comes; what has arrived is handled, and
//     what is not done at the deadline is answered, so that no caller waits for nothing.
// Q14 whatever a handler, a schema or a request does, the serving lives; an unexpected error shows as an id.
import type { NoticeType, RequestType } from '../contract/targeted-type.ts';
import type { ReplyStatus } from '../contract/reply-status.ts';
import type { Log } from '../log.ts';
import type { LiveArrival, LiveMessages, LiveSubscription } from '../ports.ts';
import { readableError } from '../readable-error.ts';
import { endsWithin } from '../time.ts';
import {
  Answer,
  answerLater,
  BUSY,
  statusOfError,
  statusOfFailure,
  STOPPED_BEFORE_THE_END,
  STOPPING,
  type HandlerResult,
} from './answer.ts';
import { Refusal } from './errors.ts';
import { Exchange, type RequestContext } from './exchange.ts';
import { outgoing, outgoingStatus, type Addressing, type Outgoing, type Sender } from './outgoing.ts';
import { introduce, isExpired, readData, type Received } from './received.ts';
import { isReplySubject } from './reply-to.ts';
import { Work } from './work.ts';

export type RequestHandler<Input, Output> = (
  request: Received<Input>,
  context: RequestContext,
) => HandlerResult<Output> | Promise<HandlerResult<Output>>;

export type Served<Input, Output> = RequestType<Input, Output> | NoticeType<Input>;

/** What became of the messages so far. `unanswerable`: they asked to be answered where no reply may go. */
export type ServingCounts = {
  readonly handled: number;
  readonly failed: number;
  readonly expired: number;
  readonly unreadable: number;
  readonly busy: number;
  readonly unanswerable: number;
  /** Replies that could not be sent, because the broker was away. */
  readonly repliesLost: number;
};

export type Surroundings = {
  readonly live: LiveMessages;
  readonly sender: Sender;
  readonly log: Log;
  /** See `RequestContext.reply`. */
  readonly reply: <Data>(exchange: Exchange, type: NoticeType<Data>, data: Data) => Promise<void>;
};

const WAITING_PER_HANDLER = 16;

export class Serving<Input, Output> {
  readonly #type: Served<Input, Output>;
  readonly #handler: RequestHandler<Input, Output>;
  readonly #around: Surroundings;
  readonly #work: Work;
  readonly #running = new Set<Exchange>();
  readonly #counts = { handled: 0, failed: 0, expired: 0, unreadable: 0, busy: 0, unanswerable: 0, repliesLost: 0 };
  readonly #subscription: LiveSubscription;
  #stopping: Promise<void> | null = null;
  #isAbandoned = false;

  constructor(
    type: Served<Input, Output>,
    how: { readonly subject: string; readonly group: string | null; readonly concurrency: number },
    handler: RequestHandler<Input, Output>,
    around: Surroundings,
  ) {
    this.#type = type;
    this.#handler = handler;
    this.#around = around;
    this.#work = new Work(how.concurrency, how.concurrency * WAITING_PER_HANDLER);
    this.#subscription = around.live.subscribe(how.subject, how.group, (arrival) => this.#receive(arrival));
  }

  counts(): ServingCounts & { readonly running: number; readonly waiting: number } {
    return { ...this.#counts, running: this.#work.running, waiting: this.#work.waiting };
  }

  refusal(): string | null {
    return this.#subscription.refusal();
  }

  /** What was sent to this very replica: no other takes it over, so from the stop on it is refused. */
  receiveTargeted(arrival: LiveArrival): void {
    if (this.#stopping === null) this.#receive(arrival);
    else this.#answer(this.#exchange(arrival), STOPPING);
  }

  /** Resolves when nothing runs any more or `withinMs` is over. (Q13) */
  stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(withinMs);
    return this.#stopping;
  }

  async #stop(withinMs: number): Promise<void> {
    const finish = async (): Promise<void> => {
      await this.#subscription.stop();
      await this.#work.idle();
    };
    if (await endsWithin(this.#around.sender.time, withinMs, finish())) return;
    this.#isAbandoned = true;
    this.#work.clear();
    for (const exchange of this.#running) {
      exchange.abort(new Error('the replica stops'));
      this.#answer(exchange, STOPPED_BEFORE_THE_END);
    }
  }

  #exchange(arrival: LiveArrival): Exchange {
    const { sender, log, reply } = this.#around;
    return new Exchange(arrival, introduce(arrival, sender.newId), { time: sender.time, log, reply });
  }

  #receive(arrival: LiveArrival): void {
    const exchange = this.#exchange(arrival);
    if (arrival.replyTo !== undefined && !isReplySubject(arrival.replyTo)) {
      this.#counts.unanswerable += 1;
      const line = { ...exchange.line(this.#type.name), replyTo: arrival.replyTo.slice(0, 128) };
      return this.#around.log.warn(line, 'a request wants its answer where no reply may go, dropped'); // (Q15)
    }
    if (this.#isAbandoned) return this.#answer(exchange, STOPPING);
    const drop = (): void => this.#answer(exchange, STOPPING);
    if (this.#work.offer({ run: () => this.#handle(exchange), drop })) return;
    this.#counts.busy += 1;
    this.#answer(exchange, BUSY); // (Q12)
  }

  async #handle(exchange: Exchange): Promise<void> {
    const { sender, log } = this.#around;
    if (isExpired(exchange.introduction, sender.time.now())) {
      this.#counts.expired += 1;
      return log.warn(exchange.line(this.#type.name), 'request expired, dropped'); // (Q3)
    }
    const read = readData(this.#type.input, exchange.arrival);
    if (!read.ok) {
      this.#counts.unreadable += 1;
      log.warn({ ...exchange.line(this.#type.name), failure: read.failure }, 'request cannot be read');
      return this.#answer(exchange, statusOfFailure(read.failure));
    }
    this.#running.add(exchange);
    try {
      const request = { ...exchange.introduction, data: read.data, createdAt: read.createdAt };
      this.#done(exchange, await this.#handler(request, exchange.context));
    } catch (thrown) {
      this.#failed(exchange, readableError(thrown));
    } finally {
      this.#running.delete(exchange);
      exchange.end();
    }
  }

  #done(exchange: Exchange, result: HandlerResult<Output>): void {
    const type = this.#type;
    // A unique symbol is ruled out by the comparison, which the type system does not see through a type parameter.
    const answer = result instanceof Answer ? result : new Answer(result as Output, 200);
    if (type.kind === 'request' && result !== answerLater) {
      const { data, status, reason } = answer;
      const said = { status, ...(reason === undefined ? {} : { reason }) };
      this.#reply(exchange, (to) => outgoing(this.#around.sender, type.output, data, { ...to, status: said }));
    }
    this.#counts.handled += 1;
    this.#around.log.info({ ...exchange.line(type.name), status: answer.status }, 'request handled');
  }

  /** (Q14) */
  #failed(exchange: Exchange, error: unknown): void {
    const errorId = this.#around.sender.newId();
    const status = statusOfError(error, errorId);
    this.#counts.failed += 1;
    const line = { ...exchange.line(this.#type.name), ...status, err: error, errorId };
    if (error instanceof Refusal) this.#around.log.info(line, 'request refused');
    else this.#around.log.error(line, 'request failed');
    this.#answer(exchange, status);
  }

  /** Never throws: it is the last thing that is done for a request. */
  #answer(exchange: Exchange, status: ReplyStatus): void {
    const type = this.#type;
    if (type.kind !== 'request') return;
    try {
      this.#reply(exchange, (to) => outgoingStatus(this.#around.sender, type.output, { ...to, status }));
    } catch (error) {
      this.#counts.repliesLost += 1;
      this.#around.log.error({ ...exchange.line(type.name), err: error }, 'a reply cannot be sent');
    }
  }

  /** A request is answered once: what comes after its deadline at a stop is not sent any more. */
  #reply(exchange: Exchange, make: (addressing: Addressing) => Outgoing): void {
    const addressing = exchange.addressing();
    if (addressing === null) return;
    const wasSent = this.#around.live.send(make(addressing).message);
    exchange.answered();
    if (wasSent) return;
    this.#counts.repliesLost += 1;
    this.#around.log.warn(exchange.line(this.#type.name), 'a reply was lost: the broker is away');
  }
}
