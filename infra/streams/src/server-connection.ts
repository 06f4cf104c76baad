// One connection to a nats-server for the length of one command: waits for the server until a deadline, and asks its
// JetStream API in its own words. nats.js's managers are not used: their `update` merges with what the server has,
// so what somebody switched on by hand could never be switched off.
import { setTimeout as pause } from 'node:timers/promises';
import { connect, NoRespondersError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { awaitGreeting } from './greeting.ts';
import { StreamsError } from './streams-error.ts';

export type ServerAddress = {
  readonly host: string;
  readonly port: number;
  /** How long to wait for a server that is starting. Default: 30 s. */
  readonly withinMs?: number;
  /** Ends the waiting early; what it ends rejects with an AbortError. */
  readonly signal?: AbortSignal;
};

export type ServerConnection = {
  readonly isClustered: boolean;
  /**
   * One call of the JetStream API, e.g. `STREAM.INFO.events`. Throws ApiError for an answer that says no, StreamsError
   * `jetstream-disabled` or `server-unreachable` when there is none.
   */
  call(endpoint: string, body?: object): Promise<unknown>;
};

/** What the API answered instead of doing it; `errorCode` is NATS's own, e.g. 10059 for a stream that is not there. */
export class ApiError extends StreamsError {
  readonly errorCode: number;
  readonly status: number;

  constructor(endpoint: string, error: { readonly code: number; readonly err_code: number; description: string }) {
    super('refused-by-server', `${endpoint}: ${error.description} (${error.err_code})`);
    this.errorCode = error.err_code;
    this.status = error.code;
  }
}

const WITHIN_MS_DEFAULT = 30_000;
const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;
const RETRY_WAIT_MS = 100;
/** A connection that is lost on the way comes back, and the call that was lost with it is made again. */
const RECONNECTING = { maxReconnectAttempts: -1, reconnectTimeWait: RETRY_WAIT_MS };
/** It is switched off on the server, or for the account. */
const JETSTREAM_DISABLED: ReadonlySet<number> = new Set([10_039, 10_076]);
/** JetStream is there and cannot answer now: a cluster that is electing, a server that is recovering its streams. */
const UNAVAILABLE = 503;

const answer = z.object({
  error: z
    .object({ code: z.number(), err_code: z.number().default(0), description: z.string().default('') })
    .optional(),
});

/** Connects, gives the connection to `use`, and closes it. Throws StreamsError `server-unreachable`. */
export async function withServer<T>(address: ServerAddress, use: (server: ServerConnection) => Promise<T>): Promise<T> {
  const deadline = performance.now() + (address.withinMs ?? WITHIN_MS_DEFAULT);
  const connection = await connectBefore(deadline, address);
  try {
    return await use({
      // A server without peers names no cluster.
      isClustered: connection.info?.cluster !== undefined,
      call: (endpoint, body) => callBefore(deadline, connection, endpoint, body, address.signal),
    });
  } finally {
    await connection.close();
  }
}

async function connectBefore(deadline: number, { host, port, signal }: ServerAddress): Promise<NatsConnection> {
  for (;;) {
    try {
      const timeout = Math.ceil(Math.min(CONNECT_TIMEOUT_MS, Math.max(1, deadline - performance.now())));
      await awaitGreeting(host, port, timeout);
      return await connect({ servers: `${host}:${port}`, name: 'streams', timeout, ...RECONNECTING });
    } catch (cause) {
      if (performance.now() >= deadline) throw unreachable(`${host}:${port}`, cause);
      await pause(RETRY_WAIT_MS, undefined, { signal });
    }
  }
}

async function callBefore(
  deadline: number,
  connection: NatsConnection,
  endpoint: string,
  body: object | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  for (;;) {
    try {
      return await callOnce(connection, endpoint, body);
    } catch (error) {
      if (!isTransient(error) || performance.now() >= deadline) throw inWords(error, connection.getServer());
      await pause(RETRY_WAIT_MS, undefined, { signal });
    }
  }
}

async function callOnce(connection: NatsConnection, endpoint: string, body: object | undefined): Promise<unknown> {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const reply = await connection.request(`$JS.API.${endpoint}`, payload, { timeout: ANSWER_WITHIN_MS });
  const content: unknown = reply.json();
  const { error } = answer.parse(content);
  if (error !== undefined) throw new ApiError(endpoint, error);
  return content;
}

/** Every call may be made again: each says what should be, not what to add. */
function isTransient(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === UNAVAILABLE && !JETSTREAM_DISABLED.has(error.errorCode);
  return isNoResponders(error) || error instanceof TimeoutError;
}

function inWords(error: unknown, server: string): unknown {
  if (isNoResponders(error) || (error instanceof ApiError && JETSTREAM_DISABLED.has(error.errorCode))) {
    const message = `The server at ${server} keeps no streams: start it with JetStream (nats-server -js).`;
    return new StreamsError('jetstream-disabled', message, { cause: error });
  }
  return error instanceof TimeoutError ? unreachable(server, error) : error;
}

function isNoResponders(error: unknown): boolean {
  if (error instanceof NoRespondersError) return true;
  return error instanceof RequestError && error.isNoResponders();
}

function unreachable(server: string, cause: unknown): StreamsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = 'Start it (npm start brings one), or say where it is with NATS_HOST and NATS_PORT.';
  return new StreamsError('server-unreachable', `No nats-server to work with at ${server}: ${reason}. ${advice}`, {
    cause,
  });
}
