// What becomes an entry, through the real broker.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { createLogger } from '@longwave/runtime';
import { publishBare } from './support/bare-publish.ts';
import { isGapFree, readLog, type LogContent } from './support/log-content.ts';
import { again, message, oneSubjectPerStream } from './support/messages.ts';
import { startStation, type Station } from './support/station.ts';

/** For the largest of what is published here. */
const RECORDED_WITHIN_MS = 20_000;

let station: Station;
let log: LogContent;
const lines: string[] = [];

beforeAll(async () => {
  station = await startStation();
  log = await readLog(station.databaseUrl);
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'audit-log', replicaId: 'one', level: 'warn', pretty: false, destination });
  await station.startReplica({}, logger);
  await station.startReplica();
});

afterAll(async () => {
  await log.close();
  await station.close();
});

/** Publishes, then waits for an entry of a message that was published last to each stream. */
async function recorded(count: number): Promise<void> {
  await until(`there are ${count} entries`, async () => (await log.count()) >= count, RECORDED_WITHIN_MS);
}

test('A1 every message of every stream is one entry, with what it said of itself', async () => {
  const before = await log.count();
  const sent = oneSubjectPerStream.map((subject) => message(subject, { payload: `{"version":1,"of":"${subject}"}` }));
  await station.broker.publish(...sent, message('queue.transcode'));
  await recorded(before + sent.length);
  const rows = (await log.rows()).slice(before);
  for (const { id, subject, payload, headers } of sent) {
    const found = rows.filter((row) => row.message_id === id);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ subject, headers });
    expect(Buffer.compare(found[0]?.payload ?? Buffer.alloc(0), payload)).toBe(0);
  }
  expect(rows.some(({ subject }) => subject.startsWith('queue.'))).toBe(false);
});

test('A1 a message that comes again, in a batch or much later, is one entry', async () => {
  const before = await log.count();
  const [first, second] = [message('resource.a.b.1.created'), message('resource.a.b.2.created')];
  await station.broker.publish(first, again(first), again(first), second);
  await recorded(before + 2);
  await station.broker.publish(again(first), again(second), message('resource.a.b.3.created'));
  await recorded(before + 3);
  expect(await log.count()).toBe(before + 3);
});

test('A3 a different message under a known id is not recorded, and that is told', async () => {
  const original = message('resource.a.b.1.updated', { payload: '{"version":1,"data":"true"}' });
  const before = await log.count();
  await station.broker.publish(original);
  await recorded(before + 1);
  lines.length = 0;
  const forged = again(message('resource.a.b.1.updated', { id: original.id, payload: '{"version":1,"data":"false"}' }));
  // Two replicas may take strict turns; in threes each of them gets forged ones, also the one whose log is read.
  for (let turn = 0; turn < 10; turn += 1) {
    await station.broker.publish(again(forged), again(forged), again(original));
  }
  await until('it is told', async () => lines.length > 0);
  expect(
    lines.every((line) => line.includes('another message has this id already') && line.includes(original.id)),
  ).toBe(true);
  expect(await log.count()).toBe(before + 1);
});

const nobodysHeaders = [
  'bad name: x',
  'n\u00E4me: x',
  'name: a\rb',
  'name: a\u0000b',
  'name: \u00FF\u00FE',
  'no colon',
  ': no name',
  'ce-id: ',
  'ce-id: %00',
  `ce-id: ${'i'.repeat(3_000)}`,
  `ce-correlationid: ${'c'.repeat(9_000)}`,
  'ce-actor: %E0%A4%A',
  'ce-time: +275760-09-13T00:00:00Z',
  'ce-time: -000001-01-01T00:00:00Z',
  'ce-source: not/ours',
  '__proto__: x',
] as const;

test('A5 no headers, however odd, keep a message or the ones after it out of the log', async () => {
  const before = await log.count();
  for (const [index, line] of nobodysHeaders.entries()) {
    await publishBare(station.broker.nats().port, {
      subject: `notification.odd.h${index}`,
      headers: [line],
      payload: 'x',
    });
  }
  await recorded(before + nobodysHeaders.length);
  const subjects = (await log.rows()).slice(before).map(({ subject }) => subject);
  expect(new Set(subjects)).toEqual(new Set(nobodysHeaders.map((_, index) => `notification.odd.h${index}`)));
  expect(subjects).toHaveLength(nobodysHeaders.length);
});

test('A5 no subject and no payload, however odd, keeps a message out of the log', async () => {
  const before = await log.count();
  const subjects = [
    'notification.n\u0000l',
    'notification.\u00FF\u00FE',
    `notification.${'s'.repeat(3_900)}`,
    'notification.\u0001.~',
  ];
  for (const subject of subjects) await publishBare(station.broker.nats().port, { subject, headers: [], payload: 'x' });
  const payloads = [
    new Uint8Array(),
    new Uint8Array([0, 1, 255, 254]),
    Buffer.from('{"a":"\\u0000"}'),
    Buffer.alloc(576 * 1024 - 100, 0),
  ];
  for (const payload of payloads) station.broker.plain.publish('notification.binary', payload);
  await station.broker.plain.flush();
  await recorded(before + subjects.length + payloads.length);
  const rows = (await log.rows()).slice(before);
  const binary = rows.filter(({ subject }) => subject === 'notification.binary');
  for (const sent of payloads) expect(binary.filter(({ payload }) => payload.equals(sent))).toHaveLength(1);
  expect(rows.some(({ subject }) => subject === 'notification.n␀l')).toBe(true);
  expect(rows.some(({ subject }) => subject.length === 3_913)).toBe(true);
});

test('A5 a flood of the largest messages is recorded whole', async () => {
  const before = await log.count();
  const payload = Buffer.alloc(1_000_000, 7);
  for (let index = 0; index < 60; index += 1) station.broker.plain.publish('dead-letter.flood.test', payload);
  await station.broker.plain.flush();
  await recorded(before + 60);
});

test('A2 two replicas and five streams at once: each message once, and no number missing', async () => {
  const before = await log.count();
  const sent = Array.from({ length: 2_000 }, (_, index) =>
    message(oneSubjectPerStream[index % oneSubjectPerStream.length] ?? ''),
  );
  for (let index = 0; index < sent.length; index += 100) {
    await Promise.all(sent.slice(index, index + 100).map((one) => station.broker.publish(one)));
  }
  await recorded(before + sent.length);
  const rows = await log.rows();
  expect(isGapFree(rows)).toBe(true);
  const ids = rows.slice(before).map((row) => row.message_id);
  expect(ids).toHaveLength(sent.length);
  expect(new Set(ids)).toEqual(new Set(sent.map(({ id }) => id)));
});
