// Publishing to JetStream with one subscription for all acknowledgements and one timer, instead of a request object, a
// timer and an Error per message, and with one write for what is published within a turn: `bench/messaging` measures it.
//
// P1  publish resolves only with the stream's own acknowledgement.
// P2  one id end to end: what is sent again (after a timeout, a reconnect, a change of leader) has the same id, and the
//     stream drops it when it had it already.
// P3  nothing is sent into a closed socket: while the broker is away messages wait here and are sent when it is back.
//     (nats.js would take them without an error and drop them at the next dial.)
// P4  at most PENDING_MAX messages, and PENDING_BYTES_MAX of payload, wait; whoever publishes more waits for a place,
//     within the deadline.
// P5  whatever answers, and however the clock jumps: a publish ends with one of its outcomes, and costs no other.
// P6  what can never be sent is refused before any of it is written, so it injects nothing and nobody waits for it.
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { z } from 'zod';
import type { OutgoingMessage } from '../contract/encode.ts';
import { PAYLOAD_BYTES_MAX } from '../contract/payload.ts';
import { complaintAboutSubject } from '../contract/sendable.ts';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Publisher, Stored } from '../ports.ts';
import type { Time } from '../time.ts';
import { FrameWriter } from './frame-writer.ts';
import type { Link } from './link.ts';
import { subscribe } from './subscribe.ts';

const PENDING_MAX = 4_096;
const PENDING_BYTES_MAX = 64 * 1024 * 1024;
/** An acknowledgement that takes longer is taken for lost. With an fsync per message a busy disk takes a second. */
const ACKNOWLEDGEMENT_WAIT_MS = 5_000;
/** After an objection that may pass: a change of leader, a full disk, a stream that is not there (yet). */
const OBJECTION_WAIT_MS = 250;
/** Time is counted in sweeps: neither a jump of the clock nor a stalled process makes an answer late. */
const SWEEP_INTERVAL_MS = 100;
const DEADLINE_MS_DEFAULT = 30_000;

/** JetStream's error codes that say something about the message and not about the moment. */
const REFUSED_CODES = new Set([
  10_052 /* invalid stream message */, 10_054 /* larger than the stream allows */, 10_166, 10_165 /* TTL */,
]);

const acknowledgement = z.union([
  z.object({ error: z.object({ err_code: z.number().default(0), description: z.string().default('') }) }),
  z.object({ stream: z.string(), seq: z.number(), duplicate: z.boolean().default(false) }),
]);

type Pending = {
  readonly message: OutgoingMessage;
  readonly deadlineAt: number;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: PublishError) => void;
  /** When to send (again), on the clock of the sweeps; Infinity while the broker is away. */
  sendAt: number;
  /** Sends that nobody has answered: while there is one the outcome is unknown, not negative. */
  unanswered: number;
  /** What the broker last had against it. */
  objection: string | null;
};

/** Publishes over `link`. */
export class JetStreamPublisher implements Pick<Publisher, 'publish'> {
  readonly #link: Link;
  readonly #time: Time;
  readonly #log: Log;
  readonly #inbox = createInbox();
  readonly #pending = new Map<number, Pending>();
  #pendingBytes = 0;
  /** Those who wait for a place among the pending. */
  #waiting: Array<{ readonly deadlineAt: number; readonly wake: () => void }> = [];
  readonly #unlisten: () => void;
  #subscription: Subscription | null = null;
  #subscribedOn: NatsConnection | null = null;
  #frames: FrameWriter | null = null;
  #tokenCount = 0;
  /** Milliseconds of sweeping so far. */
  #sweptMs = 0;
  #cancelSweep: (() => void) | null = null;
  #closed = false;

  constructor(link: Link, time: Time, log: Log) {
    this.#link = link;
    this.#time = time;
    this.#log = log;
    this.#unlisten = link.listen({ up: (connection) => this.#up(connection), down: () => this.#down() });
  }

  publish(message: OutgoingMessage, options: { readonly deadlineMs?: number } = {}): Promise<Stored> {
    // The sweep that is under way counts as a whole one.
    const deadlineAt = this.#sweptMs + SWEEP_INTERVAL_MS + (options.deadlineMs ?? DEADLINE_MS_DEFAULT);
    if (Number.isNaN(deadlineAt)) return Promise.reject(new RangeError('deadlineMs is no number')); // (P5)
    const refusal = complaintAboutSubject(message.subject);
    if (refusal !== null) return Promise.reject(new PublishError('refused', message.id, refusal)); // (P6)
    // Nearly always there is a place: no more than one promise then.
    return this.#isFull() || this.#closed ? this.#publishLater(message, deadlineAt) : this.#start(message, deadlineAt);
  }

  async #publishLater(message: OutgoingMessage, deadlineAt: number): Promise<Stored> {
    while (this.#isFull() && !this.#closed && this.#sweptMs < deadlineAt) {
      await new Promise<void>((wake) => this.#waiting.push({ deadlineAt, wake })); // (P4)
    }
    if (this.#closed) throw new PublishError('unavailable', message.id, 'the publisher is closed');
    if (this.#isFull()) throw new PublishError('unavailable', message.id, 'too many messages waited before it');
    return this.#start(message, deadlineAt);
  }

  #start(message: OutgoingMessage, deadlineAt: number): Promise<Stored> {
    return new Promise<Stored>((resolve, reject) => {
      const token = this.#tokenCount++;
      const entry: Pending = { message, resolve, reject, deadlineAt, sendAt: 0, unanswered: 0, objection: null };
      this.#pending.set(token, entry);
      this.#pendingBytes += message.payload.byteLength;
      this.#send(token, entry);
      this.#cancelSweep ??= this.#time.after(SWEEP_INTERVAL_MS, () => this.#sweep());
    });
  }

  #isFull(): boolean {
    return this.#pending.size >= PENDING_MAX || this.#pendingBytes >= PENDING_BYTES_MAX;
  }

  /** Rejects what still waits: whoever closes has waited for what matters. */
  close(): void {
    this.#closed = true;
    this.#unlisten();
    this.#cancelSweep?.();
    if (this.#link.connection() !== null) this.#subscription?.unsubscribe();
    for (const [token, entry] of this.#pending) this.#settle(token)?.reject(expired(entry));
    for (const { wake } of this.#waiting.splice(0)) wake();
  }

  #up(connection: NatsConnection): void {
    const { max_payload: payloadBytesMax = 0 } = connection.info ?? {};
    if (payloadBytesMax < PAYLOAD_BYTES_MAX)
      this.#log.warn({ payloadBytesMax }, 'nats-server takes less than a message may have: larger ones are refused');
    if (this.#subscribedOn !== connection) {
      this.#subscription = subscribe(
        connection,
        `${this.#inbox}.*`,
        (answer) => this.#receive(answer),
        (error) => this.#log.error({ err: error }, 'acknowledgements cannot be received'),
      );
      this.#subscribedOn = connection;
      this.#frames = new FrameWriter(connection);
    }
    for (const [token, entry] of this.#pending) this.#send(token, entry); // (P2)
  }

  #down(): void {
    for (const entry of this.#pending.values()) entry.sendAt = Number.POSITIVE_INFINITY;
  }

  #send(token: number, entry: Pending): void {
    const connection = this.#link.connection();
    // One that is closed and not yet said to be is heard of as `down`: what is not sent now is sent after that.
    const frames = connection === null || connection.isClosed() ? null : this.#frames;
    entry.sendAt = frames === null ? Number.POSITIVE_INFINITY : this.#sweptMs + ACKNOWLEDGEMENT_WAIT_MS;
    if (frames === null) return; // (P3)
    try {
      frames.write(entry.message, `${this.#inbox}.${token}`);
      entry.unanswered += 1;
    } catch (cause) {
      this.#settle(token)?.reject(new PublishError('refused', entry.message.id, String(cause), { cause }));
    }
  }

  #receive(answer: Msg): void {
    const token = Number(answer.subject.slice(this.#inbox.length + 1));
    const entry = this.#pending.get(token);
    if (entry === undefined) return; // a late answer to a message that was sent twice
    const outcome = readAcknowledgement(answer);
    if (outcome.kind === 'stored') this.#settle(token)?.resolve(outcome.stored);
    else if (outcome.kind !== 'refused') this.#objected(entry, outcome);
    else this.#settle(token)?.reject(new PublishError('refused', entry.message.id, outcome.reason));
  }

  #objected(entry: Pending, { kind, reason }: { readonly kind: 'later' | 'strange'; readonly reason: string }): void {
    // What a stranger says is no answer: a stream may have it all the same.
    if (kind === 'later') entry.unanswered -= 1;
    entry.objection = reason;
    entry.sendAt = this.#sweptMs + OBJECTION_WAIT_MS;
  }

  #settle(token: number): Pending | undefined {
    const entry = this.#pending.get(token);
    if (entry === undefined) return undefined;
    this.#pending.delete(token);
    this.#pendingBytes -= entry.message.payload.byteLength;
    this.#waiting.shift()?.wake();
    return entry;
  }

  #sweep(): void {
    this.#cancelSweep = null;
    this.#sweptMs += SWEEP_INTERVAL_MS;
    const now = this.#sweptMs;
    for (const [token, entry] of this.#pending) {
      if (now >= entry.deadlineAt) this.#settle(token)?.reject(expired(entry));
      else if (now >= entry.sendAt) this.#send(token, entry); // (P2)
    }
    const [late, others] = [this.#waiting.filter((one) => now >= one.deadlineAt), this.#waiting];
    if (late.length > 0) this.#waiting = others.filter((one) => now < one.deadlineAt);
    for (const { wake } of late) wake();
    if (this.#pending.size > 0) this.#cancelSweep = this.#time.after(SWEEP_INTERVAL_MS, () => this.#sweep());
  }
}

type Outcome =
  | { kind: 'stored'; stored: Stored }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string }
  | { kind: 'strange'; reason: string };

function readAcknowledgement(answer: Msg): Outcome {
  if (answer.headers?.code === 503) return { kind: 'later', reason: 'no stream takes its subject' };
  const parsed = acknowledgement.safeParse(parseJson(answer));
  if (!parsed.success) return { kind: 'strange', reason: 'something else than JetStream answered' }; // (P5)
  if ('error' in parsed.data) {
    const { err_code: code, description } = parsed.data.error;
    return { kind: REFUSED_CODES.has(code) ? 'refused' : 'later', reason: `${description} (${code})` };
  }
  const { stream, seq: sequence, duplicate } = parsed.data;
  return { kind: 'stored', stored: { stream, sequence, duplicate } };
}

function parseJson(answer: Msg): unknown {
  try {
    return answer.json();
  } catch {
    return undefined; // anybody may answer on a subject, with anything
  }
}

function expired({ message, unanswered, objection }: Pending): PublishError {
  const heard = objection === null ? '' : ` (${objection})`;
  if (unanswered > 0)
    return new PublishError('unknown', message.id, `nats-server did not acknowledge it in time${heard}`);
  return new PublishError('unavailable', message.id, objection ?? 'nats-server was away until the deadline');
}
