// Messages whose headers nats.js would not have let through, published over a bare socket as a stranger would.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startBatchConsumption, startConsumption, systemTime } from '@longwave/messaging';
import { idOf, keyOf, type StoredMessage } from '@longwave/messaging/contract';
import { startBroker, type Broker } from './support/broker.ts';
import { Reading, reading, testSource } from './support/reading.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

let broker: Broker;

beforeAll(async () => {
  broker = await startBroker();
});

afterAll(async () => {
  await broker.close();
});

const oddHeaders = [
  'bad name: x',
  'n\u00E4me: x',
  'name: a\rb',
  'name: a\nb',
  'name: a\u0000b',
  ': no name',
  'no colon',
];

/** Resolves when the server has taken everything. */
async function publishBare(
  subject: string,
  headerLines: readonly string[],
  payload: string,
  statusLine = 'NATS/1.0',
): Promise<void> {
  const socket = connectTcp(broker.server().port, '127.0.0.1');
  await once(socket, 'connect');
  const headers = Buffer.from(`${statusLine}\r\n${headerLines.join('\r\n')}\r\n\r\n`, 'latin1');
  const total = headers.length + Buffer.byteLength(payload);
  socket.write(`CONNECT {"verbose":false,"headers":true}\r\nHPUB ${subject} ${headers.length} ${total}\r\n`);
  socket.write(Buffer.concat([headers, Buffer.from(`${payload}\r\nPING\r\n`)]));
  let answer = '';
  while (!answer.includes('PONG')) answer += String((await once(socket, 'data'))[0]);
  socket.destroy();
}

test('F1 no header that a stranger wrote keeps a message, or those after it, from being delivered', async () => {
  await broker.addConsumer('all', { filter: 'test.odd.>' });
  const received: StoredMessage[] = [];
  const consumption = stopping(
    startBatchConsumption(broker.backend(), {
      stream: 'events',
      consumer: 'all',
      handler: async (messages) => void received.push(...messages),
      log: quietLog,
      time: systemTime,
      random: Math.random,
    }),
  );
  for (const [index, line] of oddHeaders.entries()) await publishBare(`test.odd.n${index}`, [line, 'ce-id: x'], 'odd');
  broker.plain.publish('test.odd.last');
  await until('all are delivered', () => received.length === oddHeaders.length + 1);
  expect(received.map(({ headers }) => headers['ce-id'])).toEqual([...oddHeaders.map(() => 'x'), undefined]);
  expect(received[0]?.headers).toEqual({ 'bad name': 'x', 'ce-id': 'x' });
  const read = await broker.contents('events');
  expect(read.filter(({ subject }) => subject.startsWith('test.odd.'))).toHaveLength(oddHeaders.length + 1);
  await consumption.stop();
});

test('D2 a message with headers that nobody could send again becomes a dead letter all the same', async () => {
  await broker.addConsumer('strict', { filter: 'test.meter.strict.read' });
  const handled: unknown[] = [];
  const consumption = stopping(
    startConsumption(broker.backend(), {
      stream: 'events',
      consumer: 'strict',
      types: [Reading],
      handler: async ({ data }) => void handled.push(data),
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: Math.random,
    }),
  );
  await publishBare('test.meter.strict.read', oddHeaders, 'not a reading');
  const { subject, payload, headers } = reading('strict', 1);
  await publishBare(
    subject,
    Object.entries(headers).map((header) => header.join(': ')),
    String(Buffer.from(payload)),
  );
  await until('the good one is handled', () => handled.length === 1);
  await until('the bad one is kept', async () => (await broker.contents('dead-letter')).length === 1);
  const [letter] = await broker.contents('dead-letter');
  expect(letter?.headers).toMatchObject({ 'lw-original-bad%20name': 'x', 'lw-original-name': 'a%0Db' });
  await consumption.stop({ withinMs: 1_000 });
});

test('M2 an empty header says nothing: messages with an empty id are not one and the same', async () => {
  const empty = ['ce-id: ', 'Nats-Msg-Id: ', 'ce-partitionkey: '];
  await publishBare('test.empty.a', empty, 'a');
  await publishBare('test.empty.b', empty, 'b');
  let found: StoredMessage[] = [];
  await until('both are stored', async () => {
    found = (await broker.contents('events')).filter(({ subject }) => subject.startsWith('test.empty.'));
    return found.length === 2;
  });
  const [first, second] = found;
  expect(first && keyOf(first)).toBe('test.empty.a');
  expect(first && second && idOf(first) !== idOf(second)).toBe(true);
});

test('U5 a status that a publisher wrote into its header is not the server’s: consumers and followers go on', async () => {
  await broker.addConsumer('statuses', { filter: 'test.status.>' });
  const backend = broker.backend();
  const consumed: string[] = [];
  const followed: string[] = [];
  const consumption = stopping(
    startBatchConsumption(backend, {
      stream: 'events',
      consumer: 'statuses',
      handler: async (messages) => void consumed.push(...messages.map(({ subject }) => subject)),
      log: quietLog,
      time: systemTime,
      random: Math.random,
    }),
  );
  const following = backend.reader.follow('events', 1, {
    onMessage: ({ subject }) => followed.push(subject),
    onState: () => undefined,
  });
  const statuses = ['NATS/1.0 100 Idle Heartbeat', 'NATS/1.0 404', 'NATS/1.0 408 Timeout', 'NATS/1.0 503'];
  for (const [index, line] of statuses.entries())
    await publishBare(`test.status.n${index}`, ['Nats-Pending-Messages: 5'], 'x', line);
  const expected = statuses.map((_, index) => `test.status.n${index}`);
  await until('all are consumed', () => consumed.length === expected.length);
  await until('all are followed', () => followed.includes('test.status.n3'));
  expect(consumed).toEqual(expected);
  expect(followed.filter((subject) => subject.startsWith('test.status.'))).toEqual(expected);
  await following.stop();
  await consumption.stop();
});

test('R1 a status that a publisher wrote into its header neither ends a replay nor hides its message', async () => {
  const statuses = ['NATS/1.0 404 Not Found', 'NATS/1.0 204 EOB', 'NATS/1.0 408 Timeout', 'NATS/1.0 503'];
  const forged = ['Nats-Sequence: 1', 'Nats-Subject: test.elsewhere', 'Nats-Num-Pending: 0'];
  const backend = broker.backend();
  const last = (await backend.reader.bounds('events')).last + statuses.length;
  for (const [index, line] of statuses.entries()) await publishBare(`test.forged.n${index}`, forged, 'x', line);
  await until('all are stored', async () => (await backend.reader.bounds('events')).last === last);
  const expected = statuses.map((_, index) => `test.forged.n${index}`);
  const found = await broker.contents('events');
  expect(found.filter(({ sequence }) => sequence > last - 4).map(({ subject }) => subject)).toEqual(expected);
  await expect(backend.reader.at('events', last)).resolves.toMatchObject({ subject: 'test.forged.n3', sequence: last });
  const range = { filters: ['test.forged.*'], upTo: last, subjectsMax: 10 };
  for await (const newest of backend.reader.lastPerSubject('events', range))
    expect(newest.map(({ subject }) => subject)).toEqual(expected);
});
