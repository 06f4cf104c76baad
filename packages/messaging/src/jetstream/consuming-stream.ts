// A small stream of this package's own: what consumers must know beyond the death of their process, one record for each
// subject. Whoever describes streams as data can name it there; else it is made by whoever first has something to record,
// because on most days nobody has. It keeps what was written for a week, and no more than a bounded number of records:
// the oldest go first.
import { jetstreamManager, JetStreamApiError, type StreamConfig } from '@nats-io/jetstream';
import { headers as createHeaders, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Time } from '../time.ts';
import { directGet, DirectGetError } from './direct-get.ts';
import type { Link } from './link.ts';
import { subscribe } from './subscribe.ts';

const STREAM = 'longwave-consuming';
const SUBJECTS = 'longwave.consuming.';
const ANSWER_WITHIN_MS = 5_000;

/** How the stream is made, but for the number of its copies. */
export const consumingStream = {
  name: STREAM,
  subjects: [`${SUBJECTS}>`],
  max_msgs_per_subject: 1,
  max_age: 7 * 86_400 * 1_000_000_000,
  max_msgs: 100_000,
  allow_direct: true,
} as const satisfies Partial<StreamConfig>;

const STREAM_NAME_IN_USE = 10_058;
const STREAM_NOT_FOUND = 10_059;
const STATUS_NO_RESPONDERS = 503;

type Condition = { readonly after?: number; readonly withinMs?: number };

/** `revision`: what a conditional write names as the one before it. */
export type ConsumingRecord = { readonly value: unknown; readonly revision: number };

const acknowledgement = z.object({
  seq: z.number().optional(),
  error: z.object({ err_code: z.number(), description: z.string() }).optional(),
});

/** The server does not take a record. */
export class ConsumingStreamError extends Error {
  override readonly name = 'ConsumingStreamError';
  /** The server's own. */
  readonly code: number;

  constructor(code: number, description: string) {
    super(`${description} (${code})`);
    this.code = code;
  }
}

export class ConsumingStream {
  readonly #link: Link;
  readonly #time: Time;
  /** As far as is known. */
  #isThere = false;

  constructor(link: Link, time: Time) {
    this.#link = link;
    this.#time = time;
  }

  /** What was written last under `key`, which is one or more tokens of a subject. Null: nothing, or it was forgotten. */
  async read(key: string, signal?: AbortSignal): Promise<ConsumingRecord | null> {
    const connection = this.#connection();
    const query = { last_by_subj: SUBJECTS + key };
    const [message] = await directGet({ connection, time: this.#time, stream: STREAM, query, signal }).catch(
      (error: unknown) => (isMissing(error) ? [] : Promise.reject(error)),
    );
    return message === undefined
      ? null
      : { value: message.json(), revision: Number(message.headers?.last('Nats-Sequence')) };
  }

  /**
   * Resolves with its revision once it is stored. `likeStream`: what it is about, which says how many copies of it are
   * wanted. `after`: the revision that must still be the last one under this key; 0 when there may be none.
   */
  async write(key: string, value: unknown, likeStream: string, condition: Condition = {}): Promise<number> {
    const connection = this.#connection();
    if (!this.#isThere) await this.#create(connection, likeStream);
    this.#isThere = true;
    const answer = await request(connection, SUBJECTS + key, value, condition).catch((error: unknown) => {
      // Somebody who watches this subject would take the place of the server's word that there is no stream.
      this.#isThere = false;
      throw error;
    });
    const { seq, error } = acknowledgement.parse(answer.json());
    if (error !== undefined) throw new ConsumingStreamError(error.err_code, error.description);
    return seq ?? 0;
  }

  /** Calls `onWrite` when something is written under `key`, and whenever the broker is back. Returns how to stop. */
  watch(key: string, onWrite: () => void): () => void {
    let subscription: Subscription | null = null;
    let subscribedOn: NatsConnection | null = null;
    const unlisten = this.#link.listen({
      up: (connection) => {
        if (subscribedOn !== connection) subscription = subscribe(connection, SUBJECTS + key, onWrite, onWrite);
        subscribedOn = connection;
        onWrite();
      },
      down: () => undefined,
    });
    return () => {
      unlisten();
      if (this.#link.connection() === subscribedOn) subscription?.unsubscribe();
    };
  }

  /** Resolves when nothing is left of it. */
  async forget(key: string): Promise<void> {
    const manager = await jetstreamManager(this.#connection(), { checkAPI: false, timeout: ANSWER_WITHIN_MS });
    await manager.streams.purge(STREAM, { filter: SUBJECTS + key }).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
    });
  }

  /** Nobody waits for a broker that is away: whoever has something to record asks again later. */
  #connection(): NatsConnection {
    const connection = this.#link.connection();
    if (connection === null) throw new Error('nats-server is away');
    return connection;
  }

  /** As many copies as the stream it serves has. Somebody else may be faster. */
  async #create(connection: NatsConnection, likeStream: string): Promise<void> {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
    const { config } = await manager.streams.info(likeStream);
    const { subjects, ...settings } = consumingStream;
    const ours = { ...settings, subjects: [...subjects], num_replicas: config.num_replicas };
    await manager.streams.add(ours).catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NAME_IN_USE) throw error;
    });
  }
}

function request(
  connection: NatsConnection,
  subject: string,
  value: unknown,
  { after, withinMs = ANSWER_WITHIN_MS }: Condition,
): Promise<Msg> {
  const options = { timeout: withinMs };
  if (after === undefined) return connection.request(subject, JSON.stringify(value), options);
  const headers = createHeaders();
  headers.set('Nats-Expected-Last-Subject-Sequence', String(after));
  return connection.request(subject, JSON.stringify(value), { ...options, headers });
}

/** Nobody answers for a stream that was never made. */
function isMissing(error: unknown): boolean {
  return error instanceof DirectGetError && error.code === STATUS_NO_RESPONDERS;
}
