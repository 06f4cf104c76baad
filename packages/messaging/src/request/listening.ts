// Broadcast events as they pass, for who only wants to know of them now: caches, dashboards, nudges. At most once: whoever
// must not miss one reads the stream instead (`startConsumption`).
//
// Q3  what has expired is dropped and counted.
// Q5  with `ignoreOwn` a replica does not hear what it said itself.
// Q6  with a group one of its replicas hears each event; without, all of them do.
// Q12 at most `concurrency` handlers run (1: in order) and a bounded number of events waits; what comes on top is
//     dropped and counted, because nobody can be told to slow down.
// Q14 whatever a handler, a schema or an event does, the listening lives.
import { causeOf, type Cause } from '../contract/cause.ts';
import { decodeMetadata, type Source } from '../contract/metadata.ts';
import type { EventType } from '../contract/message-type.ts';
import { overlapOf } from '../contract/overlapping-types.ts';
import type { Log, LogFields } from '../log.ts';
import type { LiveArrival, LiveMessages, LiveSubscription } from '../ports.ts';
import { readableError } from '../readable-error.ts';
import { endsWithin } from '../time.ts';
import type { Sender } from './outgoing.ts';
import { introduce, isExpired, readData, type Introduction, type Received } from './received.ts';
import { Work } from './work.ts';

/** One type of event, or all that pass a filter and are of one of these types. See `broadcastFilter`. */
export type Heard<Data> =
  | EventType<Data, never>
  | { readonly filter: string; readonly types: readonly EventType<Data, never>[] };

export type ListenOptions = {
  /** The name of a queue group, by custom that of the service instance; `fan-out`: every replica hears every event. */
  readonly group: string;
  readonly ignoreOwn?: boolean;
  readonly concurrency?: number;
};

export type EventHandler<Data> = (
  event: Received<Data> & { readonly type: EventType<Data, never> },
  context: { readonly cause: Cause; readonly log: Log },
) => void | Promise<void>;

/** `unreadable`: of none of the types, or not as they say. `overrun`: there was no place for them. */
export type ListeningCounts = {
  readonly handled: number;
  readonly failed: number;
  readonly own: number;
  readonly expired: number;
  readonly unreadable: number;
  readonly overrun: number;
};

const WAITING_MAX = 1_024;

export class Listening<Data> {
  readonly #types: readonly EventType<Data, never>[];
  readonly #ignored: Source | null;
  readonly #handler: EventHandler<Data>;
  readonly #sender: Sender;
  readonly #log: Log;
  readonly #work: Work;
  readonly #subscription: LiveSubscription;
  readonly #counts = { handled: 0, failed: 0, own: 0, expired: 0, unreadable: 0, overrun: 0 };
  #stopping: Promise<void> | null = null;

  constructor(
    what: Heard<Data>,
    { group, ignoreOwn = false, concurrency = 1 }: ListenOptions,
    handler: EventHandler<Data>,
    { live, sender, log }: { readonly live: LiveMessages; readonly sender: Sender; readonly log: Log },
  ) {
    const { filter, types } = 'types' in what ? what : { filter: what.subject.filter, types: [what] };
    const overlap = overlapOf(types);
    if (overlap !== null) throw new TypeError(overlap); // one of them would be read as the other
    this.#types = types;
    this.#ignored = ignoreOwn ? sender.source : null;
    this.#handler = handler;
    this.#sender = sender;
    this.#log = log;
    this.#work = new Work(concurrency, WAITING_MAX);
    this.#subscription = live.subscribe(filter, group === 'fan-out' ? null : group, (arrival) =>
      this.#receive(arrival),
    );
  }

  counts(): ListeningCounts {
    return { ...this.#counts };
  }

  refusal(): string | null {
    return this.#subscription.refusal();
  }

  /** What has arrived is handled, within `withinMs`. */
  stop({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(withinMs);
    return this.#stopping;
  }

  async #stop(withinMs: number): Promise<void> {
    const finish = async (): Promise<void> => {
      await this.#subscription.stop();
      await this.#work.idle();
    };
    if (!(await endsWithin(this.#sender.time, withinMs, finish()))) this.#work.clear();
  }

  #receive(arrival: LiveArrival): void {
    if (this.#ignored !== null && isFrom(this.#ignored, arrival)) {
      this.#counts.own += 1; // (Q5)
      return;
    }
    const overrun = (): void => void (this.#counts.overrun += 1);
    if (!this.#work.offer({ run: () => this.#handle(arrival), drop: overrun })) overrun(); // (Q12)
  }

  async #handle(arrival: LiveArrival): Promise<void> {
    const introduction = introduce(arrival, this.#sender.newId);
    if (isExpired(introduction, this.#sender.time.now())) {
      this.#counts.expired += 1;
      return this.#log.warn(line(introduction), 'event expired, dropped'); // (Q3)
    }
    const type = this.#types.find(({ subject }) => subject.match(arrival.subject) !== null);
    if (type === undefined) return this.#unreadable(introduction, 'it is of none of the types');
    const read = readData(type, arrival);
    if (!read.ok) return this.#unreadable(introduction, read.failure.reason);
    try {
      const event = { ...introduction, data: read.data, createdAt: read.createdAt, type };
      await this.#handler(event, { cause: causeOf(introduction), log: this.#log });
      this.#counts.handled += 1;
      this.#log.info(line(introduction), 'event handled');
    } catch (error) {
      this.#counts.failed += 1;
      this.#log.error({ ...line(introduction), err: readableError(error) }, 'event not handled'); // (Q14)
    }
  }

  #unreadable(introduction: Introduction, reason: string): void {
    this.#counts.unreadable += 1;
    this.#log.debug({ ...line(introduction), reason }, 'event cannot be read, dropped');
  }
}

function isFrom({ instance, replica }: Source, { headers }: LiveArrival): boolean {
  const { source } = decodeMetadata(headers);
  return source?.instance === instance && source.replica === replica;
}

function line({ id: messageId, correlationId, traceparent, subject }: Introduction): LogFields {
  return { messageId, correlationId, traceparent, subject: subject.slice(0, 255) };
}
