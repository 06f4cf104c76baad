// The promises of events over one connection of their own; those of a connection that fails are in `reconnecting.test.ts`.
import { describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { answer, event, stream } from '../test/support/event-server.ts';
import { cursors, play, states } from '../test/support/scene.ts';
import type { Gap } from './index.ts';

describe('E1 every subscriber is given each of its events once, in order', () => {
  test('one of several filters is enough, two are no more', async () => {
    const { listen } = await play([stream(event('1') + event('2', 'c.d') + event('3'))]);
    const [both, one] = [listen(['a.*', 'a.>', 'c.d']), listen('c.>')];
    await until('three events', () => both.heard.length === 3);
    expect(cursors(both.heard)).toEqual(['1', '2', '3']);
    expect(cursors(one.heard)).toEqual(['2']);
    expect(both.heard[0]).toEqual({
      cursor: '1',
      id: 'id of 1',
      subject: 'a.b',
      time: '2026-11-21T12:00:00Z',
      payload: { kind: 'json', value: 1 },
    });
  });

  test('what is not JSON comes as bytes', async () => {
    const data = '{"subject":"a.b","id":"1","time":"2026-11-21T12:00:00Z","messageBase64":"AAE="}';
    const { listen } = await play([stream(`data: ${data}\n\n`)]);
    const { heard } = listen('a.b');
    await until('an event', () => heard.length === 1);
    expect(heard[0]?.payload).toEqual({ kind: 'bytes', base64: 'AAE=' });
  });
});

describe('E2 nothing goes missing silently', () => {
  test('a gap that the proxy announces is told to every subscriber', async () => {
    const gap = { stream: 'resource', from: 4, to: 9, reason: 'expired' };
    const { listen } = await play([stream(`id: 9\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`)]);
    const [one, other] = [listen('a.>'), listen('b.>')];
    await until('a gap', () => one.gaps.length === 1);
    expect(one.gaps).toEqual([{ stream: 'resource', from: '4', to: '9', reason: 'expired' }]);
    expect(other.gaps).toEqual(one.gaps);
  });

  test('an event that cannot be read is a gap, and what follows is heard', async () => {
    const { listen } = await play([stream(`id: 1\ndata: {"subject":7}\n\n${event('2')}`)]);
    const { heard, gaps } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
  });

  test('an event that its source cannot read is a gap for that subscriber only', async () => {
    const { events, listen } = await play([stream(event('1'))]);
    const gaps: Gap[] = [];
    const read = (): never => {
      throw new Error('not mine');
    };
    events.subscribe({ filters: ['a.>'], read }, () => undefined, { onGap: (gap) => gaps.push(gap) });
    const other = listen('a.>');
    await until('an event', () => other.heard.length === 1);
    expect(gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
    expect(other.gaps).toEqual([]);
  });

  test('who was away before there was a cursor may have missed something', async () => {
    const { listen } = await play([answer(503), stream(event('1'))]);
    const { heard, gaps } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(gaps.map(({ reason }) => reason)).toEqual(['no-cursor']);
  });

  test('who comes back with a cursor has missed nothing', async () => {
    const { server, listen } = await play([stream(event('7'), { end: true }), stream(event('8'))]);
    const { heard, gaps } = listen('a.>');
    await until('both events', () => heard.length === 2);
    expect(server.exchanges[1]?.request.headers['last-event-id']).toBe('7');
    expect(gaps).toEqual([]);
  });

  test('a heartbeat moves the cursor and tells nobody', async () => {
    const { server, listen } = await play([stream(`${event('7')}id: 9\n\n`, { end: true }), stream(event('10'))]);
    const { heard } = listen('a.>');
    await until('both events', () => heard.length === 2);
    expect(server.exchanges[1]?.request.headers['last-event-id']).toBe('9');
  });
});

describe('E4 several subscribers are one connection', () => {
  test('who subscribe together share one request for all their filters', async () => {
    const { server, listen } = await play([stream(event('1'))]);
    const { heard } = listen(['c.*', 'a.>']);
    listen('a.>');
    listen('b.>');
    await until('an event', () => heard.length === 1);
    expect(server.exchanges.map(({ request }) => request.url)).toEqual([
      '/events?subject=a.%3E&subject=b.%3E&subject=c.*',
    ]);
  });

  test('a new filter is asked for after the last event, and nobody hears an event twice', async () => {
    const { server, statuses, listen } = await play([stream(event('1')), stream(event('2') + event('3', 'b.c'))]);
    const first = listen('a.>');
    await until('an event', () => first.heard.length === 1);
    const second = listen('b.>');
    await until('another', () => second.heard.length === 1);
    expect(server.exchanges[1]?.request.url).toBe('/events?subject=a.%3E&subject=b.%3E');
    expect(server.exchanges[1]?.request.headers['last-event-id']).toBe('1');
    expect(cursors(first.heard)).toEqual(['1', '2']);
    expect(states(statuses)).not.toContain('reconnecting');
  });

  test('a handler that subscribes is on the next connection, which goes on after all that had arrived', async () => {
    const { server, events, listen } = await play([stream(event('1') + event('2')), stream(event('3'))]);
    const all: string[] = [];
    events.subscribe('a.>', ({ cursor }) => {
      all.push(cursor);
      if (cursor === '1') listen('b.>');
    });
    await until('three events', () => all.length === 3);
    expect(all).toEqual(['1', '2', '3']);
    expect(server.exchanges[1]?.request.headers['last-event-id']).toBe('2');
  });

  test('a filter that nobody wants any more closes nothing, the last one does', async () => {
    const { server, events, listen } = await play([stream(event('1'))]);
    const [first, second] = [listen('a.>'), listen('b.>')];
    await until('an event', () => first.heard.length === 1);
    second.unsubscribe();
    first.unsubscribe();
    await until('the server to notice', () => server.exchanges[0]?.response.destroyed === true);
    expect(events.status().connection).toEqual({ state: 'idle' });
    expect(server.exchanges).toHaveLength(1);
  });

  test('who is refused leaves the others as they were', async () => {
    const { server, events, listen } = await play([stream(event('1')), answer(403), stream(event('2'))]);
    const first = listen('a.>');
    await until('an event', () => first.heard.length === 1);
    const refusals: number[] = [];
    events.subscribe('secret.>', () => undefined, { onRefused: ({ status }) => refusals.push(status) });
    await until('both events', () => first.heard.length === 2);
    expect(refusals).toEqual([403]);
    expect(server.exchanges[2]?.request.url).toBe('/events?subject=a.%3E');
    expect(server.exchanges[2]?.request.headers['last-event-id']).toBe('1');
    expect(first.gaps).toEqual([]);
  });
});

test('E4 who is refused by name leaves those alone who came with it', async () => {
  const problem = JSON.stringify({ code: 'forbidden-subject', subjects: ['secret.>', 'secret.a'] });
  const { server, events, listen } = await play([answer(403, {}, problem), stream(event('1'))]);
  const first = listen(['a.>', 'b.>']);
  const refusals: string[] = [];
  const onRefused = ({ code }: { readonly code: string }): void => void refusals.push(code);
  events.subscribe(['secret.>', 'c.>'], () => undefined, { onRefused });
  events.subscribe('secret.a', () => undefined, { onRefused });
  await until('an event', () => first.heard.length === 1);
  expect(refusals).toEqual(['forbidden-subject', 'forbidden-subject']);
  expect(first.gaps).toEqual([]);
  expect(server.exchanges[1]?.request.url).toBe('/events?subject=a.%3E&subject=b.%3E&subject=c.%3E');
});

test('E5 a subscriber that throws harms itself only', async () => {
  const errors: unknown[] = [];
  const { events, listen } = await play([stream(event('1') + event('2'))], { onError: (error) => errors.push(error) });
  const broken = new Error('broken');
  events.subscribe('a.>', () => {
    throw broken;
  });
  const { heard } = listen('a.>');
  await until('both events', () => heard.length === 2);
  expect(errors).toEqual([broken, broken]);
});

describe('E6 after the end nothing is told, open or waiting', () => {
  test('an aborted subscriber hears nothing', async () => {
    const { events, listen } = await play([stream(event('1') + event('2'))]);
    const abort = new AbortController();
    const heard: string[] = [];
    events.subscribe(
      'a.>',
      ({ cursor }) => {
        heard.push(cursor);
        abort.abort();
      },
      { signal: abort.signal },
    );
    const other = listen('a.>');
    await until('both events', () => other.heard.length === 2);
    expect(heard).toEqual(['1']);
  });

  test('a handler that closes hears nothing of what had arrived with its event', async () => {
    const { server, events } = await play([stream(event('1') + event('2'))]);
    const heard: string[] = [];
    events.subscribe('a.>', ({ cursor }) => {
      heard.push(cursor);
      events.close();
    });
    await until('the server to notice', () => server.exchanges[0]?.response.destroyed === true);
    expect(heard).toEqual(['1']);
  });

  test('closing while it waits leaves no timer and opens nothing', async () => {
    const { server, events, statuses, listen } = await play([answer(503)], { reopenAfterMs: 30 });
    listen('a.>');
    await until('away', () => states(statuses).includes('reconnecting'));
    events.close();
    events.close();
    expect(server.exchanges).toHaveLength(1);
  });
});

test('the broker going away and coming back is told', async () => {
  const { server, events, listen } = await play([stream('event: upstream\ndata: {"state":"down"}\n\n')]);
  listen('a.>');
  await until('down', () => events.status().upstream === 'down');
  server.exchanges[0]?.response.write('event: upstream\ndata: {"state":"up"}\n\n');
  await until('up', () => events.status().upstream === 'up');
});

test('an illegal filter is refused where it is written', async () => {
  const { events } = await play([stream()]);
  expect(() => events.subscribe('a..b', () => undefined)).toThrow(TypeError);
});
