// A replica among others: it asks and answers, tells and listens, without a stream in between. What is said is lost when
// nobody is there to hear it; what must not be lost is published to a stream instead.
// Errors of handlers and of strangers' messages stay where they arise; the connection never learns of them.
//
// Q1  a request to a service instance reaches one of its replicas (queue group named like the instance), or, where the
//     service says so, all of them.
// Q2  a request to a replica reaches that replica; whatever is served is served there, too.
// Q13 stopping ends the serving first, then the calls: handlers that finish may need them.
import type { Cause } from '../contract/cause.ts';
import { encodeMessage } from '../contract/encode.ts';
import type { Draft } from '../contract/message-type.ts';
import { checkName } from '../contract/name.ts';
import { jsonPayload } from '../contract/payload.ts';
import { SubjectError } from '../contract/subject-error.ts';
import type { NoticeType, RequestType } from '../contract/targeted-type.ts';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { BackendState, LiveArrival, LiveMessages, LiveSubscription } from '../ports.ts';
import { Answer, NOT_SERVED_HERE } from './answer.ts';
import { Calls, isReplyToken, type CallOptions } from './calls.ts';
import { CallError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { Listening, type EventHandler, type Heard, type ListeningCounts, type ListenOptions } from './listening.ts';
import { outgoing, outgoingStatus, type Outgoing, type Sender } from './outgoing.ts';
import { introduce } from './received.ts';
import type { Reply } from './reply.ts';
import { causeOfReply, isReplySubject, parseReplyTo, type ReplyTo } from './reply-to.ts';
import { Serving, type RequestHandler, type Served, type ServingCounts } from './serving.ts';
import { replicaPrefix, serviceSubject, subjectFor } from './target.ts';

/** Waiting for the broker to have something takes no longer. */
const ROUND_TRIP_WITHIN_MS = 2_000;
const IN_FLIGHT_MAX = 4_096;
const CONCURRENCY = 32;
const STOP_WITHIN_MS = 20_000;

export type PeerOptions = Sender & {
  readonly log: Log;
  /** Requests that may wait for their replies. Default: 4096. */
  readonly inFlightMax?: number;
};

export type ServeOptions = {
  /** The service instance whose requests these are. Default: the one this replica belongs to. */
  readonly instance?: string;
  /** `load-balanced` (default): one replica of the instance gets each request. `fan-out`: all of them do. */
  readonly group?: 'load-balanced' | 'fan-out';
  /** Handlers at once. Default: 32. */
  readonly concurrency?: number;
};

export type NotifyOptions = Pick<CallOptions, 'to' | 'cause' | 'timeoutMs'>;

type Stoppable = { readonly stop: (deadline: { readonly withinMs: number }) => Promise<void> };
export type ServingHandle = Stoppable & { readonly counts: () => ServingCounts };
export type ListeningHandle = Stoppable & { readonly counts: () => ListeningCounts };

/**
 * Joins as the replica that `source` names; returns at once, the broker may come later. A back-end that has no `live`
 * messages cannot do this. Throws SubjectError `illegal-name`, RangeError for an `inFlightMax` that is none.
 */
export function startPeer(backend: { readonly live: LiveMessages }, options: PeerOptions): Peer {
  return new Peer(backend.live, options);
}

/** Asks and answers, tells and listens. See `startPeer`. */
export class Peer {
  readonly #live: LiveMessages;
  readonly #log: Log;
  readonly #sender: Sender;
  readonly #calls: Calls;
  readonly #unlisten: () => void;
  readonly #replies: LiveSubscription;
  /** By `<protocol>.<type>`: what this replica serves. */
  readonly #servings = new Map<string, Pick<Serving<unknown, unknown>, 'receiveTargeted' | 'refusal' | 'stop'>>();
  readonly #listenings = new Set<Pick<Listening<unknown>, 'refusal' | 'stop'>>();
  #isUp = false;
  #notServed = 0;
  #stopping: Promise<void> | null = null;

  constructor(live: LiveMessages, { log, inFlightMax = IN_FLIGHT_MAX, ...sender }: PeerOptions) {
    checkName(sender.source.instance);
    if (!(inFlightMax >= 1)) throw new RangeError(`inFlightMax is ${inFlightMax}; it is 1 or more`);
    const prefix = replicaPrefix(sender.source.replica);
    this.#live = live;
    this.#log = log;
    this.#sender = sender;
    this.#calls = new Calls(live, sender, inFlightMax);
    // Before the calls hear that the broker is there: what is sent then can be answered.
    this.#replies = live.subscribe(`${prefix}.*.*`, null, (arrival) => this.#receive(prefix, arrival));
    this.#unlisten = live.listen({ up: () => this.#up(), down: () => this.#down() });
  }

  /** What is answered, when that is a success. Rejects with CallError, ReplyError, z.ZodError, SubjectError. (Q1, Q2) */
  call<Input, Output>(type: RequestType<Input, Output>, input: Input, options: CallOptions): Promise<Output> {
    return this.ask(type, input, options).then(({ data }) => data);
  }

  /** Like `call`, with the status and the metadata of the reply. */
  ask<Input, Output>(type: RequestType<Input, Output>, input: Input, options: CallOptions): Promise<Reply<Output>> {
    const refusal = this.#replies.refusal();
    if (refusal === null) return this.#calls.ask(type, input, options);
    return Promise.reject(new CallError('unavailable', `no reply to ${type.name} could be received: ${refusal}`));
  }

  /** Serves `type` for its instance, and for this very replica. Throws SubjectError; TypeError when it is served already. */
  serve<Input, Output>(
    type: Served<Input, Output>,
    { instance = this.#sender.source.instance, group = 'load-balanced', concurrency = CONCURRENCY }: ServeOptions,
    handler: RequestHandler<Input, Output>,
  ): ServingHandle {
    const key = `${type.protocol}.${type.name}`;
    if (this.#servings.has(key)) throw new TypeError(`this replica serves ${key} already`);
    if (this.#stopping !== null) throw new TypeError(`${key} cannot be served any more: this replica stops`);
    const how = { subject: serviceSubject(instance, type), group: group === 'fan-out' ? null : instance, concurrency };
    const serving = new Serving(type, how, handler, {
      live: this.#live,
      sender: this.#sender,
      log: this.#log,
      reply: (exchange, notice, data) => this.#replyTo(exchange, notice, data),
    });
    this.#servings.set(key, serving);
    return {
      counts: () => serving.counts(),
      stop: async (deadline) => {
        await serving.stop(deadline);
        this.#servings.delete(key);
      },
    };
  }

  /** Tells somebody something that is not answered. Ends as `broadcast` does; nobody may be there. */
  async notify<Data>(type: NoticeType<Data>, data: Data, { to, cause, timeoutMs }: NotifyOptions): Promise<void> {
    const subject = subjectFor(to, type);
    const follows = cause ?? ('replyTo' in to ? causeOfReply(to.replyTo) : undefined);
    const how = { subject, cause: follows, timeoutMs: (timeoutMs ?? type.timeoutMs) || Infinity };
    await this.#send(outgoing(this.#sender, type.input, data, how));
  }

  /**
   * Answers a request whose handler returned `answerLater`, from this process or another. Ends as `broadcast` does;
   * throws SubjectError `illegal-reply-subject` for a `replyTo` that is none. (Q7)
   */
  async answer<Input, Output>(
    replyTo: ReplyTo,
    { output }: RequestType<Input, Output>,
    answer: Output | Answer<Output>,
  ): Promise<void> {
    const { data, status, reason } = answer instanceof Answer ? answer : new Answer(answer, 200);
    const { subject } = parseReplyTo(replyTo);
    const said = { status, ...(reason === undefined ? {} : { reason }) };
    await this.#send(outgoing(this.#sender, output, data, { subject, cause: causeOfReply(replyTo), status: said }));
  }

  /**
   * Says it to whoever listens now (K4). Resolves once the broker has it. Rejects with PublishError: `unavailable` (it
   * was not said), `refused` (it cannot be), `unknown`.
   */
  async broadcast(draft: Draft, { cause }: { readonly cause?: Cause } = {}): Promise<void> {
    const { source, time, newId } = this.#sender;
    const id = newId();
    await this.#send({
      id,
      message: encodeMessage(draft, { id, source, createdAt: time.now(), cause: cause ?? { correlationId: id } }),
    });
  }

  /**
   * Hears broadcast events. Throws SubjectError for a filter or a group that is none, TypeError for types of which two could
   * take the same event. (Q6)
   */
  listen<Data>(what: Heard<Data>, options: ListenOptions, handler: EventHandler<Data>): ListeningHandle {
    const around = { live: this.#live, sender: this.#sender, log: this.#log };
    const listening = new Listening(what, options, handler, around);
    this.#listenings.add(listening);
    return {
      counts: () => listening.counts(),
      stop: async (deadline) => {
        await listening.stop(deadline);
        this.#listenings.delete(listening);
      },
    };
  }

  /** Resolves once the broker knows everything that is served and listened to so far. Rejects with CallError. */
  async ready({ withinMs }: { readonly withinMs: number }): Promise<void> {
    if (await this.#live.roundTrip(withinMs)) return;
    throw new CallError('unavailable', `the broker did not answer within ${withinMs} ms`);
  }

  /** Why requests and replies do not flow, if they do not: for readiness. */
  state(): BackendState {
    if (!this.#isUp) return { state: 'down', reason: 'the broker is away' };
    const open = [this.#replies, ...this.#servings.values(), ...this.#listenings];
    const reason = open.map((one) => one.refusal()).find((refusal) => refusal !== null) ?? null;
    return reason === null ? { state: 'up' } : { state: 'down', reason };
  }

  /** `late`: replies nobody waited for any more. `notServed`: requests to this replica that it does not serve. */
  counts(): { readonly inFlight: number; readonly late: number; readonly notServed: number } {
    return { ...this.#calls.counts(), notServed: this.#notServed };
  }

  /** Ends all of it, within `withinMs` and the little that the broker may take (Q13). Never rejects; may be repeated. */
  stop({ withinMs }: { readonly withinMs: number } = { withinMs: STOP_WITHIN_MS }): Promise<void> {
    this.#stopping ??= this.#stop(withinMs);
    return this.#stopping;
  }

  async #stop(withinMs: number): Promise<void> {
    await Promise.all([...this.#servings.values(), ...this.#listenings].map((one) => one.stop({ withinMs })));
    this.#calls.stop();
    this.#unlisten();
    await this.#replies.stop();
    // The last replies lie in a socket's buffer, and whoever stops closes that next.
    if (this.#isUp) await this.#live.roundTrip(ROUND_TRIP_WITHIN_MS);
  }

  #up(): void {
    this.#isUp = true;
    this.#calls.up();
  }

  #down(): void {
    this.#isUp = false;
    this.#calls.down();
  }

  /** Replies, and requests to this very replica: their last tokens tell them apart. (Q2) */
  #receive(prefix: string, arrival: LiveArrival): void {
    const token = arrival.subject.slice(arrival.subject.lastIndexOf('.') + 1);
    if (isReplyToken(token)) return this.#calls.receive(token, arrival);
    const serving = this.#servings.get(arrival.subject.slice(prefix.length + 1));
    if (serving !== undefined) return serving.receiveTargeted(arrival);
    this.#notServed += 1;
    this.#log.warn({ subject: arrival.subject }, 'this replica was asked for what it does not serve');
    const { replyTo: subject } = arrival;
    if (subject === undefined || !isReplySubject(subject)) return;
    const { id: causationId, correlationId } = introduce(arrival, this.#sender.newId);
    const cause = { correlationId, causationId };
    this.#live.send(outgoingStatus(this.#sender, NO_TYPE, { subject, cause, status: NOT_SERVED_HERE }).message);
  }

  async #replyTo<Data>({ replyTo, cause }: Exchange, type: NoticeType<Data>, data: Data): Promise<void> {
    if (replyTo !== null) return this.notify(type, data, { to: { replyTo }, cause });
    throw new SubjectError(
      'illegal-reply-subject',
      `${type.name} has nowhere to go: the request came without a reply subject`,
    );
  }

  /** Waits a moment for a broker that is away: nobody should have to know whether it is there already. */
  async #send(outgoing: Outgoing): Promise<void> {
    const wasSent =
      this.#trySend(outgoing) || ((await this.#live.roundTrip(ROUND_TRIP_WITHIN_MS)) && this.#trySend(outgoing));
    const { id } = outgoing;
    if (!wasSent)
      throw new PublishError('unavailable', id, 'the broker is away, and it was not kept; say it again later');
    if (await this.#live.roundTrip(ROUND_TRIP_WITHIN_MS)) return;
    throw new PublishError('unknown', id, 'the broker may not have it: it did not answer in time');
  }

  #trySend({ id, message }: Outgoing): boolean {
    try {
      return this.#live.send(message);
    } catch (cause) {
      throw new PublishError('refused', id, String(cause), { cause });
    }
  }
}

/** What answers a request of a type that is not known here. */
const NO_TYPE = { name: 'UnknownReply', version: 1, ceType: 'longwave.UnknownReply.v1', payload: jsonPayload };
