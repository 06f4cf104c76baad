// Protobuf payloads on every way that a message can take, against a real nats-server and a real Postgres; and what somebody
// sees who has the .proto, a NATS client, and nothing of ours (E2).
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog, temporaryFolder } from '@longwave/embedded/testing';
import { startBatchConsumption, startConsumption, systemTime } from '@longwave/messaging';
import { openBuffer } from '@longwave/messaging/buffer';
import { encodeMessage, isMessageOf, notice, request, type Message } from '@longwave/messaging/contract';
import { recordArrival } from '@longwave/messaging/inbox';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { createNudges, startOutboxRelay, writeToOutbox } from '@longwave/messaging/outbox';
import { protobuf } from '@longwave/messaging/protobuf';
import { startPeer, type Peer } from '@longwave/messaging/request';
import { v7 } from 'uuid';
import { z } from 'zod';
import {
  AnsweredSchema,
  AskedSchema,
  MeterReadMessageSchema,
  MeterReadSchema,
  type MeterReadMessage,
} from './protobuf/meter_pb.ts';
import { startBroker, type Broker } from './support/broker.ts';
import { createDatabase, type TestDatabase } from './support/database.ts';
import { MeterReadAsItIs, meterRead } from './support/meter-read.ts';
import { testSource } from './support/reading.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

let broker: Broker;
let backend: JetStreamBackend;
const fromOutside = (meter: string, value: number): Uint8Array =>
  toBinary(
    MeterReadMessageSchema,
    create(MeterReadMessageSchema, {
      version: 1,
      createdAt: timestampFromDate(new Date()),
      data: { meter, value },
    }),
  );
const subjectOf = (meter: string): string => `test.meter.${meter}.metered`;
const encode = (meter: string, value: number) =>
  encodeMessage(MeterReadAsItIs.of(meterRead({ meter, value })), {
    id: v7(),
    createdAt: new Date(),
    source: testSource,
    cause: { correlationId: 'because' },
  });
/** Messages of `meter` as somebody without any code of ours reads them. */
const seenFromOutside = async (meter: string): Promise<readonly MeterReadMessage[]> => {
  const found = (await broker.contents('events')).filter(({ subject }) => subject === subjectOf(meter));
  return found.map(({ payload }) => fromBinary(MeterReadMessageSchema, payload));
};
const common = { stream: 'events', source: testSource, log: quietLog, time: systemTime, random: Math.random };

beforeAll(async () => {
  broker = await startBroker();
  backend = broker.backend();
});

afterAll(() => broker.close());

describe('E2: a client that knows the .proto and nothing of ours', () => {
  test('reads what we publish', async () => {
    const before = Date.now();
    await backend.publisher.publish(encode('out', 7));
    const stored = await broker.manager.streams.getMessage('events', { last_by_subj: subjectOf('out') });
    const { version, createdAt, data } = fromBinary(MeterReadMessageSchema, stored?.data ?? new Uint8Array());
    expect({ version, data }).toEqual({ version: 1, data: meterRead({ meter: 'out', value: 7 }) });
    expect(timestampDate(createdAt ?? timestampFromDate(new Date(0))).getTime()).toBeGreaterThanOrEqual(before);
  });

  test('is read by us, and what it gets wrong is a dead letter with its bytes', async () => {
    await broker.addConsumer('outside', { filter: subjectOf('in') });
    const seen: Message[] = [];
    const handler = async (message: Message): Promise<void> => void seen.push(message);
    const consumption = stopping(
      startConsumption(backend, {
        ...common,
        consumer: 'outside',
        types: [MeterReadAsItIs],
        handler,
      }),
    );
    const junk = new Uint8Array([0x0a, 0xff, 0x00]);
    await broker.plain.request(subjectOf('in'), junk);
    await broker.plain.request(subjectOf('in'), fromOutside('in', 9));
    await until('it is handled', () => seen.length === 1);
    await until('the other is a dead letter', async () => (await broker.contents('dead-letter')).length === 1);
    expect(seen[0]?.data).toEqual(meterRead({ meter: 'in', value: 9 }));
    const [letter] = await broker.contents('dead-letter');
    expect(letter?.headers['lw-cause']).toBe('invalid-payload');
    expect(new Uint8Array(letter?.payload ?? [])).toEqual(junk);
    await consumption.stop({ withinMs: 1_000 });
  });
});

test('batches hand over every byte', async () => {
  await broker.addConsumer('batches', { filter: subjectOf('batch') });
  const sent = [1, 2, 3].map((value) => encode('batch', value));
  for (const message of sent) await backend.publisher.publish(message);
  const recorded: Uint8Array[] = [];
  const batches = stopping(
    startBatchConsumption(backend, {
      ...common,
      consumer: 'batches',
      handler: async (messages) => void recorded.push(...messages.map(({ payload }) => new Uint8Array(payload))),
    }),
  );
  await until('all are recorded', () => recorded.length === 3);
  await batches.stop();
  expect(recorded).toEqual(sent.map(({ payload }) => payload));
});

test('the buffer keeps them on disk and sends them', async () => {
  const folder = await temporaryFolder();
  const options = { publisher: backend.publisher, bytesMax: 1024 * 1024, whenFull: 'refuse', log: quietLog } as const;
  const buffer = await openBuffer({ ...options, directory: folder.path });
  for (const value of [1, 2, 3]) await buffer.publish(encode('buffered', value));
  expect(await buffer.flush({ withinMs: 10_000 })).toBe(true);
  await buffer.close();
  await folder.remove();
  expect((await seenFromOutside('buffered')).map(({ data }) => data?.value)).toEqual([1, 2, 3]);
});

describe('the outbox and the inbox', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  test('carry them from a transaction to an effect', async () => {
    const nudges = createNudges(backend.link, 'test', systemTime);
    const { publisher } = backend;
    const relay = stopping(
      startOutboxRelay({ databaseUrl: database.url, publisher, nudges, log: quietLog, time: systemTime }),
    );
    await broker.addConsumer('effects', { filter: subjectOf('outbox') });
    const effects: number[] = [];
    const consumption = stopping(
      startConsumption(backend, {
        ...common,
        consumer: 'effects',
        types: [MeterReadAsItIs],
        handler: async (message) => {
          if (!isMessageOf(MeterReadAsItIs, message)) throw new Error('there are only readings');
          const query = async (sql: string, ...parameters: unknown[]) =>
            (await database.pool.query(sql, parameters)).rows;
          if ((await recordArrival(query, 'effects', message)) === 'new') effects.push(message.data.value);
        },
      }),
    );
    const execute = (sql: string, ...parameters: unknown[]) => database.pool.query(sql, parameters);
    const context = { source: testSource, now: () => new Date(), newId: () => v7() };
    const drafts = [1, 2, 3].map((value) => MeterReadAsItIs.of(meterRead({ meter: 'outbox', value })));
    await writeToOutbox(execute, context, { correlationId: 'because' }, drafts);
    relay.nudge();
    await until('all have their effect', () => effects.length === 3);
    expect(effects).toEqual([1, 2, 3]);
    await Promise.all([consumption.stop({ withinMs: 1_000 }), relay.stop()]);
  });
});

describe('requests and notices', () => {
  const asked = protobuf(AskedSchema);
  const answered = protobuf(AnsweredSchema);
  const shape = { version: 1, protocol: 'sums', timeoutMs: 5_000 };
  const AddTen = request('AddTen', {
    ...shape,
    payload: { input: asked, output: answered },
    input: z.object({ value: z.int().max(100) }),
    output: answered.schema,
    example: { input: { value: 1 }, output: create(AnsweredSchema, { value: 11, by: 'adder' }) },
  });
  const metered = protobuf(MeterReadSchema);
  const Metered = notice('Metered', {
    ...shape,
    payload: metered,
    schema: metered.schema,
    example: meterRead({ meter: 'm1', value: 1 }),
  });
  let peer: Peer;
  const noticed: unknown[] = [];
  const to = { instance: testSource.instance };
  beforeAll(async () => {
    peer = startPeer(backend, { source: testSource, time: systemTime, newId: () => v7(), log: quietLog });
    peer.serve(AddTen, {}, ({ data }) => create(AnsweredSchema, { value: data.value + 10, by: 'adder' }));
    peer.serve(Metered, {}, ({ data }) => void noticed.push(data));
    await peer.ready({ withinMs: 10_000 });
  });
  afterAll(() => peer.stop({ withinMs: 1_000 }));

  test('are asked, answered and told in protobuf', async () => {
    const answer = await peer.call(AddTen, { value: 7 }, { to });
    expect(answer).toEqual(create(AnsweredSchema, { value: 17, by: 'adder' }));
    await peer.notify(Metered, meterRead({ meter: 'm1', value: 3 }), { to });
    await until('it is told', () => noticed.length === 1);
    expect(noticed).toEqual([meterRead({ meter: 'm1', value: 3 })]);
  });

  test('are refused where they are made, and where they arrive', async () => {
    await expect(peer.call(AddTen, { value: 101 }, { to })).rejects.toThrow(z.ZodError);
    await expect(peer.call(AddTen, { value: 2 ** 40 }, { to })).rejects.toThrow(z.ZodError);
    const subject = `longwave.v1.service.${testSource.instance}.sums.AddTen`;
    const reply = await broker.plain.request(subject, '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{}}');
    expect(reply.headers?.get('lw-status')).toBe('400');
    expect(decodeURIComponent(reply.headers?.get('lw-reason') ?? '')).toContain('is not application/protobuf');
  });
});
