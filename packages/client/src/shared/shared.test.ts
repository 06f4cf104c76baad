// Pages and their worker, over real message channels and real Web Locks; only the worker is no thread of its own.
import { afterEach, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { answer, event, startEventServer, stream, type Answer } from '../../test/support/event-server.ts';
import type { Events, FeedEvent, Gap } from '../index.ts';
import { createSharedEvents, type Locks, type WorkerPort } from './index.ts';
import { servePages, type PagePort, type WorkerScope } from './serve-pages.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

let pages = 0;

async function play(...answers: readonly Answer[]) {
  const server = await startEventServer(...answers);
  stops.push(() => server.close());
  const scope: WorkerScope = { onconnect: null, navigator };
  servePages(scope, { url: server.url, reopenAfterMs: 10 });

  const open = (locks: Locks = navigator.locks) => {
    const { port1, port2 } = new MessageChannel();
    // Node's own types of a port are not the DOM's, which the client's are a part of.
    scope.onconnect?.({ ports: [port2 as unknown as PagePort] });
    pages += 1;
    const lock = `test-page-${process.pid}-${pages}`;
    const events = createSharedEvents({ port: port1 as unknown as WorkerPort, locks, lock });
    stops.push(
      () => events.close(),
      () => port2.close(),
    );
    return { ...listenWith(events), events };
  };
  return { server, open };
}

function listenWith(events: Events) {
  const heard: FeedEvent[] = [];
  const gaps: Gap[] = [];
  const listen = (filter: string) =>
    events.subscribe(filter, (data) => heard.push(data), { onGap: (gap) => gaps.push(gap) });
  return { heard, gaps, listen };
}

test('H1, H2 two pages are one connection, and each has its own events', async () => {
  const { server, open } = await play(stream(event('1')), stream(event('2') + event('3', 'b.c')));
  const one = open();
  one.listen('a.>');
  await until('an event', () => one.heard.length === 1);
  const two = open();
  two.listen('b.>');
  await until('another', () => two.heard.length === 1 && one.heard.length === 2);
  expect(one.heard.map(({ cursor }) => cursor)).toEqual(['1', '2']);
  expect(two.heard.map(({ cursor }) => cursor)).toEqual(['3']);
  expect(server.exchanges.filter(({ response }) => !response.destroyed)).toHaveLength(1);
});

test('H2 a page that comes later knows the state, and every page is told of a gap', async () => {
  const { server, open } = await play(stream(event('1')));
  const one = open();
  one.listen('a.>');
  await until('an event', () => one.heard.length === 1);
  const two = open();
  two.listen('a.>');
  await until('live', () => two.events.status().connection.state === 'live');
  server.exchanges[0]?.response.write('event: gap\ndata: {"reason":"expired"}\n\n');
  await until('both gaps', () => one.gaps.length === 1 && two.gaps.length === 1);
  expect(server.exchanges).toHaveLength(1);
});

test('H2 only the page that asked for what is forbidden is refused', async () => {
  const { open } = await play(stream(event('1')), answer(403), stream(event('2')));
  const [one, two] = [open(), open()];
  one.listen('a.>');
  await until('an event', () => one.heard.length === 1);
  const refusals: number[] = [];
  two.events.subscribe('secret.>', () => undefined, { onRefused: ({ status }) => refusals.push(status) });
  await until('both', () => refusals.length === 1 && one.heard.length === 2);
});

test('H3 the connection is closed with the last page', async () => {
  const { server, open } = await play(stream(event('1')));
  const [one, two] = [open(), open()];
  one.listen('a.>');
  two.listen('a.>');
  await until('events', () => one.heard.length === 1 && two.heard.length === 1);
  one.events.close();
  server.exchanges[0]?.response.write(event('2'));
  await until('the other to go on', () => two.heard.length === 2);
  two.events.close();
  await until('the server to notice', () => server.exchanges[0]?.response.destroyed === true);
  expect(one.heard).toHaveLength(1);
});

test('H3 a page that dies without a word is noticed by the lock it held', async () => {
  const { server, open } = await play(stream(event('1')));
  const death = Promise.withResolvers<void>();
  // Imitates the browser's side of a death: the lock is let go, and the page says nothing.
  const locks: Locks = {
    request: (name, whenHeld) => navigator.locks.request(name, () => Promise.race([whenHeld(), death.promise])),
  };
  const { heard, listen } = open(locks);
  listen('a.>');
  await until('an event', () => heard.length === 1);
  expect(server.exchanges[0]?.response.destroyed).toBe(false);
  death.resolve();
  await until('the server to notice', () => server.exchanges[0]?.response.destroyed === true);
});
