// Asking the log: every answer a client can get, good questions and bad.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getJson, until } from '@longwave/embedded/testing';
import { auditEntry, pageOf, type AuditEntry } from '@longwave/contracts';
import type { RunningService } from '@longwave/runtime';
import { publishBare } from './support/bare-publish.ts';
import { message } from './support/messages.ts';
import { get, startStation, type Station } from './support/station.ts';

const page = pageOf(auditEntry.strict());

let station: Station;
let auditLog: RunningService;
/** All entries, oldest first. */
let all: readonly AuditEntry[];

beforeAll(async () => {
  station = await startStation();
  auditLog = await station.startReplica();
  const subjects = [
    'resource.steering.show.1.created',
    'resource.steering.show.1.updated',
    'resource.steering.show.2.created',
  ];
  for (const subject of subjects) await station.broker.publish(message(subject, { correlationId: 'request-1' }));
  await station.broker.publish(message('resource.steering.show.3.created', { correlationId: 'with space & ü' }));
  // Some time later, so that a question can lie in between.
  await until('the first are recorded', async () => (await list('')).items.length === 4);
  await station.broker.publish(
    message('longwave.v1.events.steering.package.lifecycle.created.default.a%2Eb.1%2E0%2E0'),
  );
  await station.broker.publish(
    message('notification.broadcast.restart', { payload: '{"n":9007199254740993,"x":1.10}' }),
  );
  await publishBare(station.broker.nats().port, {
    subject: 'notification.user.7.ping',
    headers: [],
    payload: new Uint8Array([0, 200]),
  });
  await until('all are recorded', async () => (await list('')).items.length === 7);
  all = (await list('?order=asc')).items;
});

afterAll(() => station.close());

async function list(query: string) {
  return page.parse((await get(auditLog, `/entries/${query}`)).body);
}

const subjectsOf = (entries: readonly AuditEntry[]): string[] => entries.map(({ subject }) => subject);

describe('GET entries/', () => {
  test('200: the newest first, unless asked otherwise', async () => {
    expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect((await list('')).items).toEqual(all.toReversed());
    expect((await list('?order=desc')).items).toEqual(all.toReversed());
  });

  test('200: an entry says everything that the message said of itself', () => {
    expect(all[0]).toMatchObject({
      subject: 'resource.steering.show.1.created',
      type: 'longwave.Test.v1',
      source: '/test/test-1',
      actor: null,
      correlationId: 'request-1',
      causationId: null,
      stream: 'resource',
      streamSequence: 1,
      payload: { version: 1 },
    });
    const { createdAt, receivedAt = '', recordedAt = '' } = all[0] ?? {};
    expect(Date.parse(createdAt ?? '')).toBeLessThanOrEqual(Date.parse(receivedAt));
    expect(Date.parse(receivedAt)).toBeLessThanOrEqual(Date.parse(recordedAt));
    expect(all.find(({ correlationId }) => correlationId === 'with space & ü')).toBeDefined();
  });

  test('200: a message from outside is known by where it lies; binary is base64', () => {
    const foreign = all.find(({ subject }) => subject === 'notification.user.7.ping');
    expect(foreign?.id).toMatch(/^notification:\d+:2$/);
    expect(foreign).toMatchObject({ correlationId: foreign?.id, createdAt: null, type: null, payloadBase64: 'AMg=' });
  });

  test('200: a payload is shown to the last digit', async () => {
    const response = await fetch(`${auditLog.address}/audit-log/api/v1/entries/?subject=notification.broadcast.>`);
    expect(await response.text()).toContain('"payload":{"n":9007199254740993,"x":1.10}');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test.each([
    ['>', 7],
    ['resource.>', 4],
    ['resource.*.show.*.created', 3],
    ['resource.steering.show.1.created', 1],
    ['resource.steering.show.1.*', 2],
    ['*.*.restart', 1],
    ['longwave.v1.events.*.package.lifecycle.created.default.a%2Eb.>', 1],
    ['resource', 0],
    ['program.>', 0],
  ])('200: the filter %s finds %i', async (filter, count) => {
    const { items } = await list(`?subject=${encodeURIComponent(filter)}`);
    expect(items).toHaveLength(count);
  });

  test('200: times are half-open', async () => {
    const [first, fifth] = [all[0]?.receivedAt ?? '', all[4]?.receivedAt ?? ''];
    const sequences = async (query: string) =>
      (await list(`?order=asc&${query}`)).items.map(({ sequence }) => sequence);
    expect(await sequences(`from=${fifth}`)).toEqual([5, 6, 7]);
    expect(await sequences(`to=${fifth}`)).toEqual([1, 2, 3, 4]);
    expect(await sequences(`from=${first}&to=${fifth}`)).toEqual([1, 2, 3, 4]);
    expect(await sequences(`from=${fifth}&to=${fifth}`)).toEqual([]);
    const elsewhere = new Date(Date.parse(fifth) + 3_600_000).toISOString().replace('Z', '%2B01:00');
    expect(await sequences(`from=${elsewhere}`)).toEqual([5, 6, 7]);
    expect(await sequences('from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-12:00')).toHaveLength(7);
    expect(await sequences('to=0000-01-01T00:00:00%2B12:00')).toEqual([]);
  });

  test('200: everything that followed from one request', async () => {
    expect(subjectsOf((await list('?correlationId=request-1')).items)).toHaveLength(3);
    expect((await list('?correlationId=request')).items).toEqual([]);
    expect((await list(`?correlationId=${encodeURIComponent('with space & ü')}`)).items).toHaveLength(1);
    expect((await list(`?correlationId=${'x'.repeat(4_096)}`)).items).toEqual([]);
  });

  test.each(['asc', 'desc'])('200: pages of any size are the whole (%s)', async (order) => {
    for (const limit of [1, 2, 3, 6, 7, 1_000]) {
      const collected = await follow(`/audit-log/api/v1/entries/?limit=${limit}&order=${order}&subject=resource.%3E`);
      const whole = all.filter(({ subject }) => subject.startsWith('resource.'));
      expect(collected).toEqual(order === 'asc' ? whole : whole.toReversed());
    }
  });

  test.each([
    ['an empty token', 'subject=a..b', 'illegal-filter'],
    ['an empty filter', 'subject=', 'illegal-filter'],
    ['a wildcard in a token', 'subject=a*b.c', 'illegal-filter'],
    ['more behind the end', 'subject=a.%3E.b', 'illegal-filter'],
    ['white space', 'subject=a%20b', 'illegal-filter'],
    ['a filter without end', `subject=${'a'.repeat(256)}`, 'illegal-filter'],
    ['a NUL', 'subject=a%00b', 'invalid-query'],
    ['a time that is none', 'from=yesterday', 'invalid-query'],
    ['a date alone', 'from=2026-11-21', 'invalid-query'],
    ['a time without a zone', 'to=2026-11-21T12:00:00', 'invalid-query'],
    ['a day that is none', 'to=2026-02-30T12:00:00Z', 'invalid-query'],
    ['a plus sign that became a space', 'from=2026-11-21T12:00:00+01:00', 'invalid-query'],
    ['an order that is none', 'order=up', 'invalid-query'],
    ['no entries at all', 'limit=0', 'invalid-query'],
    ['too many', 'limit=1001', 'invalid-query'],
    ['a limit that is no number', 'limit=1e2', 'invalid-query'],
    ['an unknown parameter', 'subjct=a', 'invalid-query'],
    ['a parameter twice', 'order=asc&order=desc', 'invalid-query'],
    ['an empty correlation', 'correlationId=', 'invalid-query'],
    ['a cursor of nobody', 'cursor=1-aaaaaaaaaaaaaaaa', 'invalid-cursor'],
    ['an empty cursor', 'cursor=', 'invalid-cursor'],
    ['SQL', `subject=a'%20OR%20'1'='1`, 'illegal-filter'],
  ])('400: %s', async (_what, query, code) => {
    const answer = await get(auditLog, `/entries/?${query}`);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status: 400, code });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('400: the cursor of another question', async () => {
    const { next } = await list('?limit=1&order=asc&subject=resource.%3E');
    const cursor = new URLSearchParams(next?.split('?')[1]).get('cursor') ?? '';
    expect((await get(auditLog, `/entries/?order=asc&subject=resource.%3E&cursor=${cursor}`)).status).toBe(200);
    for (const other of ['order=asc', 'order=desc&subject=resource.%3E', 'order=asc&subject=resource.*']) {
      expect((await get(auditLog, `/entries/?${other}&cursor=${cursor}`)).body).toMatchObject({
        code: 'invalid-cursor',
      });
    }
  });
});

describe('GET entries/{sequence}/', () => {
  test('200: the entry, the same as in a page', async () => {
    for (const entry of all) {
      const answer = await get(auditLog, `/entries/${entry.sequence}/`);
      expect(auditEntry.strict().parse(answer.body)).toEqual(entry);
    }
  });

  test.each([
    ['404', '/entries/999999/', 'no-such-entry'],
    ['404', '/entries/9007199254740991/', 'no-such-entry'],
    ['400', '/entries/0/', 'invalid-path'],
    ['400', '/entries/-1/', 'invalid-path'],
    ['400', '/entries/9007199254740993/', 'invalid-path'],
    ['400', '/entries/first/', 'invalid-path'],
    ['400', '/entries/1/?x=1', 'invalid-query'],
  ])('%s: %s', async (status, path, code) => {
    const answer = await get(auditLog, path);
    expect({ status: String(answer.status), code: answer.body['code'] }).toEqual({ status, code });
  });

  test('405: nothing can be written through the API', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/entries/', '/entries/1/']) {
        const { status } = await fetch(`${auditLog.address}/audit-log/api/v1${path}`, { method });
        expect(status).toBe(405);
      }
    }
  });
});

test('A7 pages stay as they are while the log grows', async () => {
  const grow = () => station.broker.publish(message('program.planned.upcoming.now.updated'));
  await Promise.all(Array.from({ length: 20 }, grow));
  const path = '/audit-log/api/v1/entries/?limit=2';
  const forwards = await follow(`${path}&order=asc`, grow);
  expect(forwards.map(({ sequence }) => sequence)).toEqual(forwards.map((_, index) => index + 1));
  const backwards = await follow(`${path}&order=desc`, grow);
  const newest = backwards[0]?.sequence ?? 0;
  expect(backwards.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: newest }, (_, index) => newest - index),
  );
  expect(await follow(`${path}&order=desc&subject=resource.%3E`, grow)).toEqual(all.slice(0, 4).toReversed());
});

test('A9 a page of large payloads ends early, and the next one goes on', async () => {
  const payload = Buffer.alloc(1_000_000, 'x');
  for (let index = 0; index < 10; index += 1) station.broker.plain.publish('dead-letter.large.test', payload);
  await station.broker.plain.flush();
  await until('all are recorded', async () => {
    const { items } = await list('?subject=dead-letter.%3E&limit=1');
    return items[0]?.streamSequence === 10;
  });
  const { items, next } = await list('?subject=dead-letter.%3E&limit=100');
  expect(items.map(({ streamSequence }) => streamSequence)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
  const rest = page.parse((await getJson(`${auditLog.address}${next}`)).body);
  expect(rest.items.map(({ streamSequence }) => streamSequence)).toEqual([2, 1]);
  expect(rest.next).toBeNull();
});

test('the service describes itself and its health', async () => {
  expect((await getJson(`${auditLog.address}/health/ready`)).body).toMatchObject({
    status: 'ready',
    service: 'audit-log',
    checks: {
      database: { state: 'up' },
      broker: { state: 'up' },
      consumption: { state: 'up' },
      durability: { state: 'up' },
    },
  });
  const document = (await getJson(`${auditLog.address}/openapi.json`)).body;
  expect(Object.keys(document['paths'] ?? {})).toEqual(['/entries/', '/entries/{sequence}/']);
});

/** All pages; `between` happens after each. */
async function follow(path: string, between: () => Promise<void> = async () => undefined): Promise<AuditEntry[]> {
  const collected: AuditEntry[] = [];
  let next: string | null = path;
  while (next !== null) {
    const answer = page.parse((await getJson(`${auditLog.address}${next}`)).body);
    collected.push(...answer.items);
    next = answer.next;
    await between();
  }
  return collected;
}
