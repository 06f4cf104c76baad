// S16: what has been, page by page: nothing twice, nothing skipped, what is missing is said, and it leads into a stream.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
const proxies: RunningService[] = [];

beforeAll(async () => {
  broker = await startBroker();
  proxies.push(await startProxy(broker.nats), await startProxy(broker.nats, { RING_BYTES_MAX: '1' }));
  for (let n = 1; n <= 25; n += 1) {
    for (const which of [0, 1]) {
      await broker.publish(`resource.history${which}.x`, { n });
      if (n % 5 === 0) await broker.publish(`program.history${which}.x`, { n: 100 + n });
    }
  }
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
  await broker.stop();
});

type Page = {
  readonly events: readonly {
    readonly subject: string;
    readonly id: string;
    readonly message: { readonly n: number };
  }[];
  readonly gaps: readonly unknown[];
  readonly next: string;
  readonly isEnd: boolean;
};
async function read(proxy: RunningService | undefined, query: string): Promise<Page> {
  const answer = await fetch(`${proxy?.address}/events/history?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page; // what the service documents
}

describe.each([
  ['memory', 0],
  ['the stream', 1],
])('a page of history from %s (S16)', (_, which) => {
  const BOTH = `subject=resource.history${which}.*&subject=program.history${which}.*`;

  test('follows on the one before, to the end, and leads into a stream of events', async () => {
    const heard: number[] = [];
    let page = await read(proxies[which], `${BOTH}&limit=7`);
    for (let count = 1; !page.isEnd && count < 10; count += 1) {
      expect(page.events).toHaveLength(7);
      heard.push(...page.events.map(({ message }) => message.n));
      page = await read(proxies[which], `${BOTH}&limit=7&after=${page.next}`);
    }
    heard.push(...page.events.map(({ message }) => message.n));
    const own = Array.from({ length: 25 }, (_, index) => index + 1);
    expect(heard).toEqual([...[5, 10, 15, 20, 25].map((n) => 100 + n), ...own]);
    expect(page.gaps).toEqual([]);
    const client = await EventClient.open(proxies[which]?.address ?? '', `${BOTH}&lastEventId=${page.next}`);
    await client.until('it knows where it stands', () => client.lastEventId !== '');
    await broker.publish(`program.history${which}.y`, { n: -1 });
    await client.untilEvents(1);
    client.close();
    expect(client.messages).toEqual([{ n: -1 }]);
  });

  test('begins at a time; at the end it is empty', async () => {
    const future = await read(proxies[which], `${BOTH}&since=2099-01-01T00:00:00Z`);
    expect(future).toMatchObject({ events: [], gaps: [], isEnd: true });
    const past = await read(proxies[which], `${BOTH}&since=2000-01-01T00:00:00%2B02:00&limit=1000`);
    expect([past.events.length, past.isEnd]).toEqual([31, true]);
  });

  test('holds what a stream would give, byte for byte', async () => {
    await broker.publish(`resource.exact${which}.x`, '{"big": 12345678901234567890}');
    await broker.publish(`resource.exact${which}.x`, 'no JSON');
    const answer = await fetch(`${proxies[which]?.address}/events/history?subject=resource.exact${which}.*`);
    const text = await answer.text();
    expect(text).toContain('"message":{"big": 12345678901234567890}}');
    expect(text).toContain(`"messageBase64":"${Buffer.from('no JSON').toString('base64')}"}`);
  });
});

describe('a wrong page', () => {
  test.each([
    ['subject=resource..x', 400, 'illegal-filter'],
    ['', 400, 'missing-filter'],
    ['subject=notification.%3E', 403, 'forbidden-subject'],
    ['subject=resource.%3E&after=nonsense', 400, 'invalid-cursor'],
    ['subject=resource.%3E&since=yesterday', 400, 'invalid-query'],
    ['subject=resource.%3E&limit=1001', 400, 'invalid-query'],
    ['subject=resource.%3E&last=3', 400, 'invalid-query'],
  ])('%s is %i %s', async (query, status, code) => {
    const answer = await fetch(`${proxies[0]?.address}/events/history?${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });
});
