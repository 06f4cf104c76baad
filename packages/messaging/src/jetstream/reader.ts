// Reading streams by position: bounds, single messages, replays and the live tail.
import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { StoredMessage } from '../contract/decode.ts';
import { checkRange } from '../check-range.ts';
import { filterMatches, parseFilter } from '../contract/filter.ts';
import { StreamUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ReplayRange, StreamBounds, StreamReader } from '../ports.ts';
import type { Time } from '../time.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { directGet, type DirectQuery } from './direct-get.ts';
import { follow } from './following.ts';
import { HeaderReader } from './header-reader.ts';
import type { Link } from './link.ts';
import { newestMessages } from './newest-messages.ts';
import { fromStored } from './stored-message.ts';
import { connectionWithin } from './connection-within.ts';

const ANSWER_WITHIN_MS = 5_000;
const REPLAY_BATCH = 256;
/**
 * A batch is held in memory as a whole, once for every reader. The server queues it as a whole, too, and cuts a connection
 * off for which more than 64 MiB wait: this leaves room for a hundred readers who ask at once.
 */
const BATCH_BYTES_MAX = 512 * 1024;
/** Some day in 2262. */
const SERVER_TIME_MS_MAX = Number(2n ** 63n / 1_000_000n);
/** What JetStream lets a stream be called; ours are called less. */
const STREAM_NAME = /^[^\s\p{Cc}.*>/\\]+$/u;
/** JetStream's error code. */
const STREAM_NOT_FOUND = 10_059;

export function createReader(link: Link, log: Log, time: Time): StreamReader {
  const asking: Asking = async (stream, ask) => {
    try {
      return await ask(await connectionWithin(link, time, ANSWER_WITHIN_MS));
    } catch (cause) {
      throw new StreamUnavailableError(isMissing(cause) ? 'no-such-stream' : 'broker-unavailable', stream, { cause });
    }
  };
  const bounds = async (stream: string): Promise<StreamBounds> => {
    if (!STREAM_NAME.test(stream)) throw new StreamUnavailableError('no-such-stream', stream);
    return asking(stream, (connection) => boundsOf(connection, stream));
  };
  const getWithin: GetWithin = ({ stream, epoch }, query, signal) =>
    asking(stream, async (connection) => {
      const found = await directGet({ connection, time, stream, query, signal });
      const headers = new HeaderReader();
      return found.map((message) => fromStored(stream, epoch, message, headers));
    });
  // The bounds first: they tell a stream that is not there from one that does not answer.
  const get = async (stream: string, query: DirectQuery): Promise<readonly StoredMessage[]> =>
    getWithin(await bounds(stream), query);

  return {
    bounds,
    at: async (stream, sequence) => {
      const held = await bounds(stream);
      // The server takes these for no question, and what comes of that looks like a broker that is away.
      if (!Number.isSafeInteger(sequence) || sequence < 1) return null;
      const [found] = await getWithin(held, { seq: sequence });
      return found ?? null;
    },
    replay: async function* (stream, range, signal) {
      checkRange(range);
      const began = await unlessUnwanted(signal, bounds(stream));
      if (began !== null) yield* replay(getWithin, began, range, signal);
    },
    lastPerSubject: async function* (stream, range) {
      range.filters?.forEach(parseFilter);
      const { epoch, last } = await bounds(stream);
      // Of a position beyond the end the server gives some of what there is.
      const upTo = Math.min(range.upTo, last);
      yield* newestMessages({ time, stream, epoch, ask: (question) => asking(stream, question) }, { ...range, upTo });
    },
    sequenceAt: async (stream, at) => {
      const [found] = await get(stream, { start_time: startTimeOf(at) });
      return found?.sequence ?? (await bounds(stream)).last + 1;
    },
    follow: (stream, from, listener) => follow({ link, log, time, bounds, stream, from, listener }),
  };
}

/**
 * The server counts nanoseconds since 1970 in 64 bits: times beyond would wrap around, and those before have another
 * meaning or none. Nothing is stored there, so the ends of that range say the same.
 */
function startTimeOf(at: Date): string {
  return new Date(Math.min(Math.max(at.getTime(), 0), SERVER_TIME_MS_MAX)).toISOString();
}

/** Runs `ask`, with every failure as the one error that callers know. */
type Asking = <T>(stream: string, ask: (connection: NatsConnection) => Promise<T>) => Promise<T>;
type GetWithin = (bounds: StreamBounds, query: DirectQuery, signal?: AbortSignal) => Promise<readonly StoredMessage[]>;

function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND;
}

async function boundsOf(connection: NatsConnection, stream: string): Promise<StreamBounds> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
  const { created, state } = await manager.streams.info(stream);
  // An empty stream reports first_seq 0 before its first message, and last + 1 after a purge.
  const first = Math.max(state.first_seq, state.last_seq === 0 ? 1 : 0);
  return { stream, epoch: Date.parse(created), first, last: state.last_seq };
}

async function* replay(
  get: GetWithin,
  bounds: StreamBounds,
  range: ReplayRange,
  signal: AbortSignal,
): AsyncIterable<readonly StoredMessage[]> {
  const { to, filters = [], batch = REPLAY_BATCH } = range;
  // The server filters by one subject at most; several filters are one order only when they are read together, and told
  // apart here.
  const filter = filters.length === 1 ? { next_by_subj: filters[0] ?? '>' } : {};
  const parsed = filters.length > 1 ? filters.map(parseFilter) : [];
  const isWanted = ({ sequence, subject }: StoredMessage): boolean =>
    sequence <= to && (parsed.length === 0 || parsed.some((one) => filterMatches(one, subject)));
  let next = Math.max(range.from, 1);
  while (next <= to && !signal.aborted) {
    const query = { seq: next, batch, max_bytes: BATCH_BYTES_MAX, ...filter };
    const messages = await unlessUnwanted(signal, get(bounds, query, signal));
    if (messages === null) return;
    const wanted = messages.filter(isWanted);
    if (wanted.length > 0) yield wanted;
    const last = messages.at(-1);
    if (last === undefined) return;
    next = last.sequence + 1;
  }
}

/** Null when `signal` is aborted first: nobody waits for the answer any more. */
async function unlessUnwanted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  try {
    return await unlessAborted(signal, work);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
