// S9, S10, S13 with many at once: what a crowd costs the broker, and what a hostile crowd costs everybody else.
// Some hundreds by default, 5,000 with LONGWAVE_SOAK=1.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';
import { RawClient, streamRequest } from './support/raw-client.ts';

const isSoak = process.env['LONGWAVE_SOAK'] === '1';
const CLIENTS = isSoak ? 5_000 : 500;
const HOSTILE = isSoak ? 3_000 : 300;
const FILTERS = ['resource.crowd.>', 'program.*.crowd', 'resource.*.x', 'longwave.v1.events.crowd.>', 'program.>'];

let broker: Broker;
let proxy: RunningService;
let crowd: RawClient[] = [];

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats);
});
afterEach(() => {
  for (const client of crowd) client.close();
  crowd = [];
});
afterAll(async () => {
  await proxy.stop();
  await broker.stop();
});

async function consumersByStream(): Promise<readonly number[]> {
  const streams = ['resource', 'program', 'events'];
  return Promise.all(streams.map(async (name) => (await broker.manager.streams.info(name)).state.consumer_count));
}

describe('a crowd', () => {
  test(`of ${CLIENTS} clients with different filters costs the broker one consumer for each stream (S9)`, async () => {
    for (let index = 0; index < CLIENTS; index += 1) {
      const subject = `${FILTERS[index % FILTERS.length] ?? ''}`;
      crowd.push(new RawClient(proxy.address, streamRequest(subject)));
      if (index % 250 === 249)
        await until('these are primed', () => crowd.every(({ heard }) => heard.includes('\nid: ')), 60_000);
    }
    expect(await consumersByStream()).toEqual([1, 1, 1]);
    await broker.publish('resource.crowd.x', { n: 1 });
    const concerned = crowd.filter((_, index) => [0, 2].includes(index % FILTERS.length));
    await until('those concerned have heard', () => concerned.every(({ heard }) => heard.includes('{"n":1}')), 60_000);
    expect(await consumersByStream()).toEqual([1, 1, 1]);
  }, 300_000);

  test(`of ${HOSTILE} hostile connections gets clear answers, costs nothing lasting, and harms nobody (S10, S13)`, async () => {
    const healthy = await EventClient.follow(proxy.address, ['resource.calm.>']);
    const { lastEventId } = healthy;
    const [tag = '', sequence = ''] = lastEventId.slice(2).split('.');
    const ids = [
      '-1',
      '\0',
      '1',
      `1~${tag}.${sequence}.1`,
      `1~${tag}.-1.0`,
      `1~${tag}.zzzzzzzzzzz.0`,
      'x'.repeat(8_000),
    ];
    const hostile: readonly string[] = [
      ...ids.map((id) => streamRequest('resource.hostile.>', [`Last-Event-ID: ${id}`])),
      ...['resource..x', `resource.${'x'.repeat(9_000)}`, '$SYS.>', 'resource.\r\nX: y'].map((one) =>
        streamRequest(one),
      ),
      `GET /events?${'subject=resource.a&'.repeat(600)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET /events?subject=resource.> HTTP/1.1\r\n${'X-A: b\r\n'.repeat(4_000)}`,
      `GET /events?lastEventId=%00%0D%0A&subject=resource.%3E HTTP/1.1\r\nHost: x\r\n\r\n`,
      'GET /events?subject=resource.%3E HTTP/1.1\r\nHost',
      '\0\0\0\0\r\n\r\n',
      '',
    ];
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < HOSTILE; index += 1) {
      crowd.push(new RawClient(proxy.address, hostile[index % hostile.length]));
      if (index % 50 === 0) await broker.publish('resource.calm.x', { n: index });
    }
    // All but those that have not finished their request.
    const isOver = ({ heard, isClosed }: RawClient): boolean => heard !== '' || isClosed;
    const silent = (HOSTILE / hostile.length) * 2 + 2;
    await until('they are answered', () => crowd.filter((client) => !isOver(client)).length <= silent, 30_000);
    const statuses = new Set(crowd.flatMap((client) => client.statuses));
    expect([...statuses].filter((status) => ![200, 400, 403, 414, 431].includes(status))).toEqual([]);
    // Whatever was let in is told that it may have missed something.
    const streams = crowd.filter(({ heard }) => heard.includes('text/event-stream'));
    await until('they know', () => streams.every(({ heard }) => heard.includes('event: gap')));
    for (const client of crowd) client.close();
    await until('they are gone', async () => {
      const view = (await (await fetch(`${proxy.address}/events/connections`)).json()) as { total: number }; // documented
      return view.total === 1;
    });
    await healthy.untilEvents(Math.ceil(HOSTILE / 50));
    expect(healthy.isEnded).toBe(false);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    healthy.close();
  }, 120_000);
});
