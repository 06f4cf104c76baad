// Reading streams by position: bounds, single messages, replays and the live tail.
import {
  jetstreamManager,
  JetStreamApiError,
  type JetStreamManager,
  type BatchCallback,
  type StoredMsg,
} from '@nats-io/jetstream';
import type { NatsConnection, QueuedIterator } from '@nats-io/nats-core';
import type { StoredMessage } from '../contract/decode.ts';
import { StreamUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { StreamBounds, StreamReader } from '../ports.ts';
import type { Time } from '../time.ts';
import { follow } from './following.ts';
import type { Link } from './link.ts';
import { fromStored } from './stored-message.ts';

const ANSWER_WITHIN_MS = 5_000;
const REPLAY_BATCH = 256;
/** JetStream's error code. */
const STREAM_NOT_FOUND = 10_059;

export function createReader(link: Link, log: Log, time: Time): StreamReader {
  const managers = new WeakMap<NatsConnection, Promise<JetStreamManager>>();

  const manager = async (): Promise<JetStreamManager> => {
    const connection = await link.whenUp(AbortSignal.timeout(ANSWER_WITHIN_MS));
    const known =
      managers.get(connection) ?? jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS });
    managers.set(connection, known);
    return known;
  };

  /** Runs `ask`, with every failure as the one error that callers know. */
  const asking = async <T>(stream: string, ask: (jsm: JetStreamManager) => Promise<T>): Promise<T> => {
    try {
      return await ask(await manager());
    } catch (cause) {
      const missing = cause instanceof JetStreamApiError && cause.code === STREAM_NOT_FOUND;
      throw new StreamUnavailableError(missing ? 'no-such-stream' : 'broker-unavailable', stream, { cause });
    }
  };

  const bounds = (stream: string): Promise<StreamBounds> =>
    asking(stream, async (jsm) => {
      const { created, state } = await jsm.streams.info(stream);
      // An empty stream reports first_seq 0 before its first message, and last + 1 after a purge.
      return {
        stream,
        epoch: Date.parse(created),
        first: Math.max(state.first_seq, state.last_seq === 0 ? 1 : 0),
        last: state.last_seq,
      };
    });

  return {
    bounds,
    at: (stream, sequence) =>
      asking(stream, async (jsm) => {
        const found = await jsm.direct.getMessage(stream, { seq: sequence });
        return found === null ? null : fromStored(stream, await epochOf(jsm, stream), found);
      }),
    replay: (stream, range, signal) => replay(asking, time, stream, range, signal),
    lastPerSubject: (stream, filter) =>
      asking(stream, async (jsm) => {
        const epoch = await epochOf(jsm, stream);
        const found = await collectBatch(time, (callback) =>
          jsm.direct.getLastMessagesFor(stream, { multi_last: [filter], callback }),
        );
        return found.map((message) => fromStored(stream, epoch, message));
      }),
    sequenceAt: (stream, at) =>
      asking(stream, async (jsm) => {
        const found = await jsm.direct.getMessage(stream, { start_time: at });
        return found?.seq ?? (await bounds(stream)).last + 1;
      }),
    follow: (stream, from, listener) => follow({ link, log, time, bounds, stream, from, listener }),
  };
}

type Asking = <T>(stream: string, ask: (jsm: JetStreamManager) => Promise<T>) => Promise<T>;

async function* replay(
  asking: Asking,
  time: Time,
  stream: string,
  range: { readonly from: number; readonly to: number; readonly filters?: readonly string[]; readonly batch?: number },
  signal: AbortSignal,
): AsyncIterable<readonly StoredMessage[]> {
  const { to, filters = [], batch = REPLAY_BATCH } = range;
  // The server filters by one subject at most; several filters are one order only when they are read together.
  const [single] = filters.length === 1 ? filters : [];
  const epoch = await asking(stream, (jsm) => epochOf(jsm, stream));
  let next = range.from;
  while (next <= to && !signal.aborted) {
    const messages = await asking(stream, async (jsm) => {
      const filter = single === undefined ? {} : { next_by_subj: single };
      const found = await collectBatch(time, (callback) =>
        jsm.direct.getBatch(stream, { seq: next, batch, ...filter, callback }),
      );
      return found.map((message) => fromStored(stream, epoch, message));
    });
    const wanted = messages.filter((message) => message.sequence <= to);
    if (wanted.length > 0) yield wanted;
    const last = messages.at(-1);
    if (last === undefined || wanted.length < messages.length) return;
    next = last.sequence + 1;
  }
}

/**
 * Everything one batch request brings. The callback form on purpose: with an iterator nats.js 3.4 keeps the
 * subscription of every batch for ever.
 */
function collectBatch(
  time: Time,
  request: (callback: BatchCallback<StoredMsg>) => Promise<QueuedIterator<StoredMsg>>,
): Promise<StoredMsg[]> {
  return new Promise((resolve, reject) => {
    const collected: StoredMsg[] = [];
    const cancelDeadline = time.after(ANSWER_WITHIN_MS, () =>
      reject(new Error(`a batch took longer than ${ANSWER_WITHIN_MS} ms`)),
    );
    const end = (error?: Error): void => {
      cancelDeadline();
      if (error === undefined) resolve(collected);
      else reject(error);
    };
    request((done, message) => {
      if (done === null) collected.push(message);
      else end(done.err);
    }).catch(end);
  });
}

async function epochOf(jsm: JetStreamManager, stream: string): Promise<number> {
  return Date.parse((await jsm.streams.info(stream)).created);
}
