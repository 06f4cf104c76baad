// S2: who comes back goes on where they were, wherever that is. S5: also when nothing was for them.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { EventSource } from 'eventsource';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let running: (() => Promise<void>)[] = [];
const startOne = async (environment: Readonly<Record<string, string>> = {}): Promise<RunningService> => {
  const proxy = await startProxy(broker.nats, environment);
  running.push(() => proxy.stop());
  return proxy;
};
const follow = async (proxy: RunningService, subjects: readonly string[], id?: string): Promise<EventClient> => {
  const client = await EventClient.follow(proxy.address, subjects, id);
  running.push(() => Promise.resolve(client.close()));
  return client;
};
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ n: from + index }));
const publish = async (subject: string, count: number, from = 0): Promise<void> => {
  for (const payload of numbers(count, from)) await broker.publish(subject, payload);
};

beforeAll(async () => {
  broker = await startBroker();
});
afterEach(async () => {
  for (const stop of running.toReversed()) await stop();
  running = [];
});
afterAll(() => broker.stop());

describe('a client that comes back (S2)', () => {
  test('is given what it missed, once, on the same node', async () => {
    const proxy = await startOne();
    const first = await follow(proxy, ['resource.back.>', 'program.back.>']);
    await publish('resource.back.1', 5);
    await first.untilEvents(5);
    const id = first.lastEventId;
    first.close();
    await publish('resource.back.1', 5, 5);
    await publish('program.back.1', 3, 100);
    const second = await follow(proxy, ['resource.back.>', 'program.back.>'], id);
    await second.untilEvents(8);
    await publish('resource.back.1', 1, 10);
    await second.untilEvents(9);
    expect(second.messages.toSorted(byNumber)).toEqual([...numbers(6, 5), ...numbers(3, 100)]);
    expect(second.notices('gap')).toEqual([]);
  });

  test('loses and doubles nothing over a restart of the proxy while publishing goes on', async () => {
    const address = new URL((await startOneForRestart()).address);
    const heard: unknown[] = [];
    const source = new EventSource(`${address.origin}/events?subject=resource.restart.%3E`);
    running.push(() => Promise.resolve(source.close()));
    const gaps: unknown[] = [];
    source.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data)).message.n));
    source.addEventListener('gap', ({ data }) => gaps.push(data));
    await until('the connection is open', () => source.readyState === source.OPEN);
    let isPublishing = true;
    let published = 0;
    const publishing = (async () => {
      for (; isPublishing; published += 1) await broker.publish('resource.restart.x', { n: published });
    })();
    for (let round = 0; round < 3; round += 1) {
      const count = heard.length;
      await until('more is heard', () => heard.length > count + 50);
      await stopRestarting();
      await startOneForRestart(address.port);
    }
    const count = heard.length;
    await until('more is heard after the last restart', () => heard.length > count + 50);
    isPublishing = false;
    await publishing;
    await until('all is heard', () => heard.at(-1) === published - 1);
    expect(heard).toEqual(Array.from({ length: published - Number(heard[0]) }, (_, n) => Number(heard[0]) + n));
    expect(gaps).toEqual([]);
  });

  let stopRestarting: () => Promise<void> = () => Promise.resolve();
  const startOneForRestart = async (port = '0'): Promise<RunningService> => {
    const proxy = await startProxy(broker.nats, { PORT: port });
    stopRestarting = () => proxy.stop();
    running.push(stopRestarting);
    return proxy;
  };

  test('goes on at another node, also when that one has not heard yet what the first one gave', async () => {
    const [one, two] = await Promise.all([startOne(), startOne()]);
    let client = await follow(one, ['resource.node.>']);
    const heard: unknown[] = [];
    for (let round = 0; round < 20; round += 1) {
      await publish('resource.node.x', 1, round);
      await client.untilEvents(1);
      heard.push(...client.messages);
      const id = client.lastEventId;
      client.close();
      client = await follow(round % 2 === 0 ? two : one, ['resource.node.>'], id);
      heard.push(...client.messages);
      expect(client.notices('gap')).toEqual([]);
    }
    expect(heard).toEqual(numbers(20));
  });

  test('goes on in all of its streams, at whichever node, while publishing goes on', async () => {
    const nodes = await Promise.all([startOne(), startOne({ RING_BYTES_MAX: '1' })]);
    const filters = ['resource.many.a.>', 'resource.many.*.b', 'program.many.>', 'longwave.v1.events.many.x'];
    const subjects = ['resource.many.a.x', 'resource.many.c.b', 'program.many.y', 'longwave.v1.events.many.x'];
    let isPublishing = true;
    const counts = subjects.map(() => 0);
    const heard: { readonly subject: string; readonly message?: unknown }[] = [];
    const gaps: unknown[] = [];
    let client = await follow(nodes[0] ?? (await startOne()), filters);
    const publishing = (async () => {
      for (let turn = 0; isPublishing; turn += 1) {
        const which = turn % subjects.length;
        await broker.publish(subjects[which] ?? '', { n: counts[which] });
        counts[which] = (counts[which] ?? 0) + 1;
      }
    })();
    for (let round = 1; round <= 12; round += 1) {
      await client.untilEvents(5);
      const { lastEventId } = client;
      client.close();
      heard.push(...client.events);
      gaps.push(...client.notices('gap'));
      client = await follow(nodes[round % nodes.length] ?? (await startOne()), filters, lastEventId);
    }
    isPublishing = false;
    await publishing;
    const all = (): typeof heard => [...heard, ...client.events];
    const total = counts.reduce((sum, count) => sum + count, 0);
    await client.until('all is heard', () => all().length >= total);
    for (const [which, subject] of subjects.entries()) {
      const own = all().filter((event) => event.subject === subject);
      expect(own.map(({ message }) => message)).toEqual(numbers(counts[which] ?? 0));
    }
    const resource = all().filter(({ subject }) => subject.startsWith('resource.'));
    expect(resource.map(({ message }) => numberOf(message))).toEqual(resource.map((_, index) => Math.floor(index / 2)));
    expect([...gaps, ...client.notices('gap')]).toEqual([]);
  });

  test('reads from the stream what the ring has lost, and joins the ring without a seam', async () => {
    const proxy = await startOne({ RING_BYTES_MAX: '4000' });
    const first = await follow(proxy, ['resource.far.a.>', 'resource.far.b.*']);
    const id = first.lastEventId;
    first.close();
    for (let n = 0; n < 1_500; n += 1) await broker.publish(`resource.far.${'abc'[n % 3]}.x`, { n });
    const second = await follow(proxy, ['resource.far.a.>', 'resource.far.b.*'], id);
    const third = await follow(proxy, ['resource.far.a.>'], id);
    for (let n = 1_500; n < 1_800; n += 1) await broker.publish(`resource.far.${'abc'[n % 3]}.x`, { n });
    await second.untilEvents(1_200);
    await third.untilEvents(600);
    const all = Array.from({ length: 1_800 }, (_, n) => n);
    expect(second.messages).toEqual(all.filter((n) => n % 3 !== 2).map((n) => ({ n })));
    expect(third.messages).toEqual(all.filter((n) => n % 3 === 0).map((n) => ({ n })));
    expect([...second.notices('gap'), ...third.notices('gap')]).toEqual([]);
  });

  test('may say where it was in the query, as a program does; the header, being newer, counts more', async () => {
    const proxy = await startOne();
    const first = await follow(proxy, ['resource.query.>']);
    const start = first.lastEventId;
    await publish('resource.query.1', 3);
    await first.untilEvents(3);
    const query = `subject=resource.query.%3E&lastEventId=${start}`;
    const byQuery = await EventClient.open(proxy.address, query);
    await byQuery.untilEvents(3);
    const byBoth = await EventClient.open(proxy.address, query, { 'last-event-id': first.lastEventId });
    await byBoth.until('the first block is there', () => byBoth.lastEventId !== '');
    await publish('resource.query.1', 1, 3);
    await byBoth.untilEvents(1);
    expect(byBoth.messages).toEqual(numbers(1, 3));
    byQuery.close();
    byBoth.close();
  });
});

describe('a heartbeat (S5)', () => {
  test('moves the id of a client for whom there is nothing, and fires nothing', async () => {
    const proxy = await startOne({ HEARTBEAT_MS: '200' });
    const source = new EventSource(`${proxy.address}/events?subject=resource.rare.%3E`);
    running.push(() => Promise.resolve(source.close()));
    const fired: string[] = [];
    source.addEventListener('message', ({ data }) => fired.push(String(data)));
    const raw = await follow(proxy, ['resource.rare.>']);
    const before = raw.lastEventId;
    await publish('resource.other.x', 1);
    await raw.until('the id has moved', () => raw.lastEventId !== before);
    expect(raw.events).toEqual([]);
    expect(fired).toEqual([]);
    const count = raw.blocks.length;
    await raw.until('more heartbeats come', () => raw.blocks.length >= count + 3);
    // The moved id is one to come back with.
    const again = await follow(proxy, ['resource.rare.>'], raw.lastEventId);
    await publish('resource.rare.x', 1);
    await again.untilEvents(1);
    expect(again.notices('gap')).toEqual([]);
    await until('the EventSource hears it, too', () => fired.length === 1);
  });

  test('is what a connection begins with: a client can come back before its first event', async () => {
    const proxy = await startOne();
    const client = await follow(proxy, ['resource.first.>']);
    expect(client.blocks).toEqual([{ retry: expect.stringMatching(/^[0-9]+$/), id: client.lastEventId }]);
    client.close();
    await publish('resource.first.x', 1);
    const again = await follow(proxy, ['resource.first.>'], client.lastEventId);
    await again.untilEvents(1);
    expect(again.messages).toEqual(numbers(1));
  });
});

const byNumber = (left: unknown, right: unknown): number => numberOf(left) - numberOf(right);
const numberOf = (message: unknown): number => (message as { n: number }).n; // what `publish` published
