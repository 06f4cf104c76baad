// Correcting streams over JetStream's API, for tools: one request each, and an answer or an error. Nothing here is tried
// again by itself, because somebody waits who can do that, and each of these may be done twice.
import { jetstreamManager, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { NoRespondersError, RequestError, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import type { OutgoingMessage } from '../contract/encode.ts';
import { PublishError, StreamUnavailableError } from '../errors.ts';
import type { StreamEditor } from '../ports.ts';
import type { Time } from '../time.ts';
import { connectionWithin } from './connection-within.ts';
import { encodeHeaders } from './header-block.ts';
import type { Link } from './link.ts';

const ANSWER_WITHIN_MS = 5_000;
/** The stream takes the message only if the newest one on its subject has this sequence; 0: if there is none. */
const EXPECTED_ON_SUBJECT = 'Nats-Expected-Last-Subject-Sequence';

/** JetStream's error codes. */
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;
const MESSAGE_NOT_FOUND = new Set([10_037, 10_057 /* it could not be deleted: it is not there */]);
const WRONG_LAST_SEQUENCE = 10_071;

export function createEditor(link: Link, time: Time): StreamEditor {
  const asking = async <T>(stream: string, ask: (manager: JetStreamManager) => Promise<T>): Promise<T> => {
    try {
      const connection = await connectionWithin(link, time, ANSWER_WITHIN_MS);
      return await ask(await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_WITHIN_MS }));
    } catch (cause) {
      const code = isApiError(cause, STREAM_NOT_FOUND) ? 'no-such-stream' : 'broker-unavailable';
      throw new StreamUnavailableError(code, stream, { cause });
    }
  };
  return {
    publishFirst: async (message) => {
      const connection = await connectionWithin(link, time, ANSWER_WITHIN_MS).catch((cause: unknown) => {
        throw new PublishError('unavailable', message.id, 'nats-server is away', { cause });
      });
      return outcomeOf(message, await send(connection, message));
    },
    remove: (stream, sequence) =>
      asking(stream, async (manager) => {
        try {
          return await manager.streams.deleteMessage(stream, sequence, false);
        } catch (error) {
          if (error instanceof JetStreamApiError && MESSAGE_NOT_FOUND.has(error.code)) return false;
          throw error;
        }
      }),
    progress: (stream, consumer) =>
      asking(stream, async (manager) => {
        try {
          const { ack_floor: floor } = await manager.consumers.info(stream, consumer);
          return { settledUpTo: floor.stream_seq };
        } catch (error) {
          if (isApiError(error, CONSUMER_NOT_FOUND)) return null;
          throw error;
        }
      }),
  };
}

async function send(connection: NatsConnection, message: OutgoingMessage): Promise<Msg> {
  const headers = encodeHeaders({ ...message.headers, [EXPECTED_ON_SUBJECT]: '0' });
  try {
    return await connection.request(message.subject, message.payload, { headers, timeout: ANSWER_WITHIN_MS });
  } catch (cause) {
    const nobody = cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders());
    if (nobody) throw new PublishError('unavailable', message.id, 'no stream takes its subject', { cause });
    throw new PublishError('unknown', message.id, 'nats-server did not acknowledge it in time', { cause });
  }
}

const acknowledgement = z.union([
  z.object({ error: z.object({ err_code: z.number().default(0), description: z.string().default('') }) }),
  z.object({ seq: z.number(), duplicate: z.boolean().default(false) }),
]);

function outcomeOf({ id }: OutgoingMessage, answer: Msg): { readonly sequence: number; readonly duplicate: boolean } {
  const parsed = acknowledgement.safeParse(parseJson(answer));
  if (!parsed.success) throw new PublishError('unknown', id, 'something else than JetStream answered');
  if (!('error' in parsed.data)) return { sequence: parsed.data.seq, duplicate: parsed.data.duplicate };
  const { err_code: code, description } = parsed.data.error;
  const [found] = /\d+$/.exec(description) ?? [];
  // "wrong last sequence: 17": the newest that the subject has.
  if (code === WRONG_LAST_SEQUENCE && found !== undefined) return { sequence: Number(found), duplicate: true };
  throw new PublishError('refused', id, `${description} (${code})`);
}

function parseJson(answer: Msg): unknown {
  try {
    return answer.json();
  } catch {
    return undefined; // anybody may answer on a subject, with anything
  }
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
