// S14: where a client may begin besides now: at a time, with the newest few, with the state as it is. S15: what a client
// that conflates is given of what it is behind by.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient, type EventData } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
/** One that remembers, and one that has to read everything from the streams. */
const proxies: RunningService[] = [];
const clients: EventClient[] = [];
const open = async (proxy: RunningService | undefined, query: string, id?: string): Promise<EventClient> => {
  const headers = id === undefined ? {} : { 'last-event-id': id };
  const client = await EventClient.open(proxy?.address ?? '', query, headers);
  clients.push(client);
  return client;
};
const publish = async (subject: string, from: number, to: number): Promise<void> => {
  for (let n = from; n <= to; n += 1) await broker.publish(subject, { n });
};
/** What `publish` published. */
const numberOf = ({ message }: EventData): number => (message as { n: number }).n;
const numbers = (client: EventClient): readonly number[] => client.events.map(numberOf);
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

beforeAll(async () => {
  broker = await startBroker();
  proxies.push(await startProxy(broker.nats), await startProxy(broker.nats, { RING_BYTES_MAX: '1' }));
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
  await broker.stop();
});

describe.each([
  ['from memory', 0],
  ['from the stream', 1],
])('a client that begins (S14), served %s,', (_, which) => {
  const subject = (name: string): string => `resource.begin${which}.${name}`;

  test('at a time is given what was stored since, and what comes', async () => {
    await publish(subject('since'), 1, 5);
    const all = await open(proxies[which], `subject=${subject('*')}&last=1000`);
    await all.untilEvents(5);
    const third = all.events[2]?.time ?? '';
    const client = await open(proxies[which], `subject=${subject('since')}&since=${encodeURIComponent(third)}`);
    await client.until('it is there', () => numbers(client).includes(5));
    // Two may be stored in one millisecond.
    expect(range(1, 5).slice(-client.events.length)).toEqual(numbers(client));
    expect(numbers(client)).toEqual(expect.arrayContaining([3, 4, 5]));
    await publish(subject('since'), 6, 6);
    await client.until('what comes is there', () => numbers(client).at(-1) === 6);
    const future = await open(proxies[which], `subject=${subject('since')}&since=2099-01-01T00:00:00Z`);
    await future.until('it knows where it stands', () => future.lastEventId !== '');
    expect(future.events).toEqual([]);
    for (const [time, count] of [
      ['9999-12-31T23:59:59-23:59', 0],
      ['2300-01-01T00:00:00Z', 0],
      ['1600-01-01T00:00:00Z', 6],
      ['0000-01-01T00:00:00%2B23:59', 6],
    ] as const) {
      const far = await open(proxies[which], `subject=${subject('since')}&since=${time}`);
      await far.until('it knows where it stands', () => far.lastEventId === future.lastEventId);
      expect([time, far.events.length]).toEqual([time, count]);
    }
  });

  test('with the newest few is given those that its filters let through, and what comes', async () => {
    for (let n = 1; n <= 30; n += 1) {
      await broker.publish(subject('wanted.x'), { n });
      await broker.publish(subject('other.x'), { n: -n });
    }
    const client = await open(proxies[which], `subject=${subject('wanted.*')}&last=7`);
    await client.untilEvents(7);
    await publish(subject('wanted.x'), 31, 31);
    await client.untilEvents(8);
    expect(numbers(client)).toEqual(range(24, 31));
    const more = await open(proxies[which], `subject=${subject('wanted.*')}&last=1000`);
    await more.untilEvents(31);
    expect(numbers(more)).toEqual(range(1, 31));
    const none = await open(proxies[which], `subject=${subject('nothing.*')}&last=3`);
    await none.until('it knows where it stands', () => none.lastEventId !== '');
    await publish(subject('nothing.x'), 1, 1);
    await none.untilEvents(1);
  });

  test('with a snapshot is given the newest of each subject, one after the other, without an id until all are there', async () => {
    const upcoming = (window: string): string => `program.planned.upcoming.${window}${which}.updated`;
    await publish(upcoming('now'), 1, 5);
    await publish(upcoming('24h'), 6, 8);
    await publish(upcoming('now'), 9, 9);
    const query = `subject=program.planned.upcoming.*.updated&snapshot=1`;
    const client = await open(proxies[which], query);
    await client.until('it is all there', () => client.lastEventId !== '');
    const own = client.events.filter((event) => event.subject.includes(`${which}.`));
    expect(own.map(({ message }) => message)).toEqual([{ n: 8 }, { n: 9 }]);
    expect(client.blocks.findIndex(({ id }) => id !== undefined)).toBe(client.events.length);
    const count = client.events.length;
    await publish(upcoming('24h'), 10, 10);
    await client.untilEvents(count + 1);
    expect(numbers(client).at(-1)).toBe(10);
    // A reconnecting EventSource has the same URL, and its id counts more.
    const again = await open(proxies[which], query, client.lastEventId);
    await publish(upcoming('now'), 11, 11);
    await again.untilEvents(1);
    expect(numbers(again)).toEqual([11]);
  });

  test('with a snapshot of several filters loses nothing that is published while it is taken', async () => {
    const subjects = ['a', 'b', 'c'].map((window) => `program.planned.upcoming.${window}busy${which}.updated`);
    const query = `${subjects.map((subject) => `subject=${subject}`).join('&')}&snapshot=1`;
    let isOver = false;
    const publishing = subjects.map(async (subject) => {
      for (let n = 1; !isOver; n += 1) await publish(subject, n, n);
    });
    try {
      for (let snapshot = 0; snapshot < 10; snapshot += 1) {
        const client = await open(proxies[which], query);
        await client.until('it goes on behind the snapshot', () => client.blocks.filter(({ id }) => id).length > 6);
        client.close();
        for (const subject of subjects) {
          const own = client.events.filter((event) => event.subject === subject);
          const [first = 0, ...later] = own.map(numberOf);
          expect(later).toEqual(range(first + 1, first + later.length));
        }
      }
    } finally {
      isOver = true;
      await Promise.all(publishing);
    }
  });

  test('with more than one stream begins in each', async () => {
    await publish(`resource.both${which}.x`, 1, 3);
    await publish(`program.both${which}.x`, 4, 6);
    const client = await open(proxies[which], `subject=resource.both${which}.*&subject=program.both${which}.*&last=2`);
    await client.untilEvents(4);
    expect(numbers(client).toSorted((left, right) => left - right)).toEqual([2, 3, 5, 6]);
  });
});

describe('a snapshot of thousands of subjects (S14)', () => {
  const SUBJECTS = 3_000;
  const subjectOf = (number: number): string =>
    `program.planned.upcoming.many${String(number).padStart(4, '0')}.updated`;
  const query = 'subject=program.planned.upcoming.*.updated&snapshot=1';

  test('is all of them, each as new as the id that follows says, and what comes after is not in it', async () => {
    await Promise.all(Array.from({ length: SUBJECTS }, (_, n) => broker.publish(subjectOf(n), { n })));
    for (let n = 0; n < 10; n += 1) await broker.publish(subjectOf(n), { n: -n });
    const client = await open(proxies[1], query);
    await client.until('it is all there', () => client.lastEventId !== '');
    const own = client.events.filter(({ subject }) => subject.includes('.many'));
    expect(own.map(({ subject }) => subject)).toEqual(Array.from({ length: SUBJECTS }, (_, n) => subjectOf(n)));
    expect(own.slice(8, 12).map(numberOf)).toEqual([-8, -9, 10, 11]);
    const count = client.events.length;
    await broker.publish(subjectOf(0), { n: 99 });
    await client.untilEvents(count + 1);
    expect(numbers(client).at(-1)).toBe(99);
    expect(client.notices('gap')).toEqual([]);
  });

  test('is whole when its messages are more than one answer of the broker may hold', async () => {
    const fill = 'x'.repeat(200_000);
    for (let n = 1; n <= 7; n += 1) await broker.publish(`program.planned.upcoming.large.${n}`, { n, fill });
    const client = await open(proxies[1], 'subject=program.planned.upcoming.large.*&snapshot=1');
    await client.until('it is all there', () => client.lastEventId !== '');
    expect(numbers(client)).toEqual(range(1, 7));
  });

  test('is a gap at once when that is more than the proxy gives, and what comes is given', async () => {
    const proxy = await startProxy(broker.nats, { SNAPSHOT_SUBJECTS_MAX: '2000' });
    proxies.push(proxy);
    const client = await open(proxy, query);
    await client.until('it knows where it stands', () => client.lastEventId !== '');
    expect(client.events).toEqual([]);
    expect(client.notices('gap')).toMatchObject([{ stream: 'program', from: 0, reason: 'too-many-subjects' }]);
    await broker.publish(subjectOf(1), { n: 100 });
    await client.untilEvents(1);
    expect(numbers(client)).toEqual([100]);
  });
});

describe('a client that conflates (S15)', () => {
  test.each([
    ['memory', 0],
    ['the stream', 1],
  ])('is given from %s the latest of each subject that it missed, in their order', async (_, which) => {
    const proxy = proxies[which];
    const query = `subject=resource.conflate${which}.*&policy=conflate`;
    const first = await open(proxy, query);
    await first.until('it knows where it stands', () => first.lastEventId !== '');
    const { lastEventId } = first;
    first.close();
    for (let n = 1; n <= 60; n += 1) await broker.publish(`resource.conflate${which}.${n % 3}`, { n });
    const second = await open(proxy, query, lastEventId);
    await second.until('the newest is there', () => numbers(second).at(-1) === 60);
    // What is read from the stream and what is in the ring are looked at apart.
    expect([
      [58, 59, 60],
      [57, 58, 59, 60],
    ]).toContainEqual(numbers(second));
    const third = await open(proxy, query.replace('policy=conflate', 'policy=catch-up'), lastEventId);
    await third.untilEvents(60);
    await publish(`resource.conflate${which}.0`, 61, 61);
    await second.until('what comes is there', () => numbers(second).at(-1) === 61);
    // The ids in between are ones to come back with: nothing is skipped that was not given later.
    const [middle] = second.blocks.filter(({ data }) => data?.includes('"n":59}') === true);
    const fourth = await open(proxy, query, middle?.id);
    await fourth.until('the newest is there', () => numbers(fourth).at(-1) === 61);
    expect([[61], [60, 61]]).toContainEqual(numbers(fourth));
  });
});

describe('what may have been missed at the beginning (S3)', () => {
  test('is told when it has expired since the time that is asked for', async () => {
    await broker.createStream('queue', ['queue.>']);
    const proxy = await startProxy(broker.nats, { PUBLIC_SUBJECTS: 'queue.>' });
    proxies.push(proxy);
    await publish('queue.a', 1, 10);
    await broker.manager.streams.purge('queue', { seq: 6 });
    const client = await open(proxy, 'subject=queue.*&since=2020-01-01T00:00:00Z');
    await client.untilEvents(5);
    expect(client.notices('gap')).toEqual([{ stream: 'queue', from: 1, to: 5, reason: 'expired' }]);
    expect(numbers(client)).toEqual(range(6, 10));
    const last = await open(proxy, 'subject=queue.*&last=20');
    await last.untilEvents(5);
    expect(last.notices('gap')).toEqual([]);
    await until('both know where they stand', () => last.lastEventId === client.lastEventId);
  });
});
