// Reading messages out of a stream by JetStream's direct get. nats.js has it, too, but gives a batch five seconds however
// much of it has arrived, cannot be told to stop, and tells a message from a status by the status line alone, which is a
// publisher's to write and only by the server's courtesy not there any more when it is read back (nats-server 2.14).
//
// R1  a message is told from a status by the headers that only the server adds.
// R2  a batch is whole or an error: silence, a lost connection and an abort are never taken for its end.
import { createInbox, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { pause, type Time } from '../time.ts';
import { subscribe } from './subscribe.ts';

/** As in NATS ADR-31. With `batch` or `multi_last` many messages answer, without them one does. */
export type DirectQuery = {
  readonly seq?: number;
  readonly start_time?: string;
  readonly last_by_subj?: string;
  readonly next_by_subj?: string;
  readonly multi_last?: readonly string[];
  readonly up_to_seq?: number;
  readonly batch?: number;
  readonly max_bytes?: number;
};

export type DirectGet = {
  readonly connection: NatsConnection;
  readonly time: Time;
  readonly stream: string;
  readonly query: DirectQuery;
  readonly signal?: AbortSignal | undefined;
};

/** The server sends a batch without a pause, so it is silence that counts, not how long all of it takes. */
const SILENCE_MAX_MS = 5_000;

const STATUS_END_OF_BATCH = 204;
const STATUS_NOTHING_FOUND = 404;

/** The server answers with something else than messages. */
export class DirectGetError extends Error {
  override readonly name = 'DirectGetError';
  readonly code: number;

  constructor(code: number, description: string) {
    super(`${code} ${description}`.trim());
    this.code = code;
  }
}

/** The messages in order; none when there is none. Rejects when aborted, or when the server objects or falls silent. */
export async function directGet({ connection, time, stream, query, signal }: DirectGet): Promise<readonly Msg[]> {
  const found: Msg[] = [];
  const ended = Promise.withResolvers<void>();
  const single = query.batch === undefined && query.multi_last === undefined;
  const inbox = createInbox();
  const receive = (message: Msg): void => {
    if (!isMessage(message)) return isEnd(message) ? ended.resolve() : ended.reject(errorOf(message));
    found.push(message);
    if (single) ended.resolve();
  };
  const subscription = subscribe(connection, inbox, receive, ended.reject);
  const watching = new AbortController();
  const abort = (): void => ended.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  void rejectOnSilence(time, () => found.length, watching.signal, ended.reject);
  try {
    connection.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(query), { reply: inbox });
    await ended.promise;
    return found;
  } finally {
    watching.abort();
    signal?.removeEventListener('abort', abort);
    subscription.unsubscribe();
  }
}

/** (R1) The server writes these after the publisher's own, and into nothing but messages. */
function isMessage(message: Msg): boolean {
  return message.headers?.has('Nats-Sequence') === true && message.headers.has('Nats-Subject');
}

function isEnd(message: Msg): boolean {
  const code = message.headers?.code;
  return code === STATUS_END_OF_BATCH || code === STATUS_NOTHING_FOUND;
}

function errorOf(message: Msg): DirectGetError {
  const { code = 0, description = 'not an answer of JetStream' } = message.headers ?? {};
  return new DirectGetError(code, description);
}

/** (R2) */
async function rejectOnSilence(
  time: Time,
  count: () => number,
  signal: AbortSignal,
  reject: (error: Error) => void,
): Promise<void> {
  let seen = -1;
  while (!signal.aborted) {
    if (count() === seen) return reject(new Error(`nothing came for ${SILENCE_MAX_MS} ms`));
    seen = count();
    await pause(time, SILENCE_MAX_MS, signal);
  }
}
