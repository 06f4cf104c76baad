// The feed against a real HTTP server and a real EventSource implementation.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, jest, test } from '@jest/globals';
import { EventSource } from 'eventsource';
import { startLoopbackServer, type LoopbackServer } from '../testing/loopback-server.ts';
import { until } from '../testing/until.ts';
import { EventFeed, eventsUrl, type Connection, type EventStream } from './event-feed.ts';
import type { FeedMessage, Gap } from './feed-message.ts';

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** A server that answers the n-th request with the n-th answer, and every later one with the last. */
async function startEvents(
  ...answers: readonly ((response: ServerResponse) => void)[]
): Promise<{ readonly server: LoopbackServer; readonly exchanges: readonly Exchange[] }> {
  const exchanges: Exchange[] = [];
  const server = await startLoopbackServer((request, response) => {
    exchanges.push({ request, response });
    answers[Math.min(exchanges.length, answers.length) - 1]?.(response);
  });
  stops.push(server.close);
  return { server, exchanges };
}

function stream(text: string, { end = false } = {}): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: 10\n${text}\n`);
    if (end) response.end();
  };
}

const refused = (response: ServerResponse): void => void response.writeHead(503).end();

const message = (cursor: string, subject = 'a.b'): string =>
  `id: ${cursor}\ndata: ${JSON.stringify({ subject, id: `id of ${cursor}`, time: '2026-11-21T12:00:00Z', message: 1 })}\n\n`;

function follow(url: string): {
  readonly feed: EventFeed;
  readonly messages: FeedMessage[];
  readonly gaps: Gap[];
  readonly connections: Connection[];
} {
  const messages: FeedMessage[] = [];
  const gaps: Gap[] = [];
  const connections: Connection[] = [];
  let seconds = 0;
  const feed = new EventFeed({
    url: `${url}/events?subject=a.%3E`,
    open: (address) => new EventSource(address),
    now: () => new Date(1_000 * seconds++),
    random: () => 0.5,
    reopenAfterMs: 10,
    reopenAfterMsMax: 20,
  });
  feed.listen({
    onMessage: (heard) => messages.push(heard),
    onGap: (gap) => gaps.push(gap),
    onSnapshot: ({ connection }) => connections.push(connection),
  });
  stops.push(() => feed.stop());
  feed.start();
  return { feed, messages, gaps, connections };
}

test('F1 every listener gets every message once, in order', async () => {
  const { server } = await startEvents(stream(message('1') + message('2') + message('3')));
  const { feed, messages } = follow(server.url);
  const others: string[] = [];
  feed.listen({ onMessage: ({ cursor }) => others.push(cursor) });
  await until('three messages', () => messages.length === 3);
  expect(messages.map(({ cursor }) => cursor)).toEqual(['1', '2', '3']);
  expect(others).toEqual(['1', '2', '3']);
  expect(messages[0]).toEqual({
    cursor: '1',
    id: 'id of 1',
    subject: 'a.b',
    time: '2026-11-21T12:00:00Z',
    payload: { kind: 'json', value: 1 },
  });
});

test('F2 a gap that the proxy announces is a gap', async () => {
  const gap = { stream: 'resource', from: 4, to: 9, reason: 'expired' };
  const { server } = await startEvents(stream(`id: 9\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`));
  const { gaps } = follow(server.url);
  await until('a gap', () => gaps.length === 1);
  expect(gaps).toEqual([{ stream: 'resource', from: '4', to: '9', reason: 'expired' }]);
});

test('F2 an event that cannot be read is a gap, and what follows is still heard', async () => {
  const { server } = await startEvents(stream(`id: 1\ndata: {"subject":7}\n\n${message('2')}`));
  const { gaps, messages } = follow(server.url);
  await until('a message', () => messages.length === 1);
  expect(gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
});

test('F2 a connection that comes back without a cursor is a gap', async () => {
  const { server } = await startEvents(refused, stream(''));
  const { gaps } = follow(server.url);
  await until('a gap', () => gaps.length === 1);
  expect(gaps[0]?.reason).toBe('no-cursor');
});

test('F2 a connection that EventSource resumes is no gap', async () => {
  const { server, exchanges } = await startEvents(stream(message('7'), { end: true }), stream(message('8')));
  const { gaps, messages } = follow(server.url);
  await until('both messages', () => messages.length === 2);
  expect(exchanges[1]?.request.headers['last-event-id']).toBe('7');
  expect(gaps).toEqual([]);
});

test('F3 where EventSource gives up, the feed is opened anew and resumes after the last message', async () => {
  const { server, exchanges } = await startEvents(stream(message('a/7'), { end: true }), refused, stream(message('8')));
  const { gaps, messages } = follow(server.url);
  await until('both messages', () => messages.length === 2);
  expect(exchanges[2]?.request.url).toBe('/events?subject=a.%3E&lastEventId=a%2F7');
  expect(gaps).toEqual([]);
});

test('how long it is away and how often it tried is told', async () => {
  const { server } = await startEvents(stream(message('1'), { end: true }), refused, refused, stream(message('2')));
  const { connections, messages } = follow(server.url);
  await until('both messages', () => messages.length === 2);
  expect(connections).toEqual([
    { state: 'live', since: new Date(0) },
    { state: 'reconnecting', since: new Date(1_000), attempt: 1 },
    { state: 'reconnecting', since: new Date(1_000), attempt: 2 },
    { state: 'reconnecting', since: new Date(1_000), attempt: 3 },
    { state: 'live', since: new Date(2_000) },
  ]);
});

test('the broker going away and coming back is told', async () => {
  const { server, exchanges } = await startEvents(stream('event: upstream\ndata: {"state":"down"}\n\n'));
  const { feed } = follow(server.url);
  await until('down', () => feed.snapshot().upstream === 'down');
  exchanges[0]?.response.write('event: upstream\ndata: {"state":"up"}\n\n');
  await until('up', () => feed.snapshot().upstream === 'up');
});

test('F4 after stop nothing is open, and nothing is opened', async () => {
  const { server, exchanges } = await startEvents(stream(message('1')));
  const { feed, messages, connections } = follow(server.url);
  await until('a message', () => messages.length === 1);
  const told = connections.length;
  feed.stop();
  feed.stop();
  await until('the server to notice', () => exchanges[0]?.response.destroyed === true);
  expect(exchanges).toHaveLength(1);
  expect(connections).toHaveLength(told);
});

test('F4 a feed that is stopped while it waits to try again leaves no timer', () => {
  jest.useFakeTimers();
  stops.push(() => void jest.useRealTimers());
  // Imitates an EventSource that was refused: closed, and it says so when the test does.
  let fail = (): void => {};
  const open = (): EventStream => ({
    readyState: 2,
    addEventListener: (type, listener) => {
      if (type === 'error') fail = () => listener({});
    },
    close: () => {},
  });
  const feed = new EventFeed({ url: '/', open, now: () => new Date(0), random: () => 0 });
  feed.start();
  fail();
  expect(jest.getTimerCount()).toBe(1);
  feed.stop();
  expect(jest.getTimerCount()).toBe(0);
});

test('filters are in the address as they are', () => {
  expect(eventsUrl(['resource.>', 'a.*.b'])).toBe('/events?subject=resource.%3E&subject=a.*.b');
});
