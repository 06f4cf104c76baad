// What becomes of a connection that ends, for whatever reason.
import { describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { answer, event, stream, type Answer } from '../test/support/event-server.ts';
import { play, states } from '../test/support/scene.ts';

describe('E3 it never gives up by itself', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('%d is for later', async (status) => {
    const { listen } = await play([answer(status), stream(event('1'))]);
    const { heard } = listen('a.>');
    await until('an event', () => heard.length === 1);
  });

  test('a server that says when to come back is not asked sooner, and not by all at once', async () => {
    const at: number[] = [];
    const note = (response: Parameters<Answer>[0]): void => {
      at.push(performance.now());
      (at.length === 1 ? stream('retry: 200\n', { end: true }) : stream(event('1')))(response);
    };
    const { listen } = await play([note]);
    const { heard } = listen('a.>');
    await until('an event', () => heard.length === 1);
    // 200 ms and a quarter more: half of the jitter, which random = 0.5 asks for.
    const [first = 0, second = 0] = at;
    expect(second - first).toBeGreaterThanOrEqual(249);
  });

  test('each attempt waits longer than the one before, up to a bound', async () => {
    const { statuses, listen } = await play([answer(503), answer(503), answer(503), answer(503), stream(event('1'))]);
    const { heard } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(states(statuses)).toEqual(['connecting', ...Array<string>(4).fill('reconnecting'), 'live']);
    expect(statuses[4]?.connection).toEqual({ state: 'reconnecting', since: new Date(0), attempt: 4 });
  });

  test('a connection without a word is dead', async () => {
    const { server, listen } = await play([stream(event('1')), stream(event('2'))], { silenceMsMax: 100 });
    const { heard } = listen('a.>');
    await until('both events', () => heard.length >= 2);
    expect(server.exchanges[1]?.request.headers['last-event-id']).toBe('1');
  });

  test('a machine that is connected again is worth a try at once', async () => {
    const network = new EventTarget();
    const { statuses, listen } = await play([answer(503), stream(event('1'))], {
      reopenAfterMs: 60_000,
      reopenAfterMsMax: 60_000,
      network,
    });
    const { heard } = listen('a.>');
    await until('away', () => states(statuses).includes('reconnecting'));
    network.dispatchEvent(new Event('online'));
    await until('an event', () => heard.length === 1);
  });

  test('what the server refuses for good is told and left', async () => {
    const problem = JSON.stringify({ code: 'forbidden-subject', detail: 'not yours' });
    const { server, events } = await play([answer(403, { 'content-type': 'application/problem+json' }, problem)]);
    const refusals: unknown[] = [];
    events.subscribe('a.>', () => undefined, { onRefused: (refusal) => refusals.push(refusal) });
    await until('a refusal', () => refusals.length === 1);
    const refusal = { status: 403, code: 'forbidden-subject', detail: 'not yours' };
    expect(refusals).toEqual([refusal]);
    expect(events.status().connection).toEqual({ state: 'refused', refusal });
    expect(server.exchanges).toHaveLength(1);
  });

  test('the headers are asked for before every connection', async () => {
    let count = 0;
    const headers = (): Record<string, string> => ({ authorization: `Bearer ${(count += 1)}` });
    const { server, listen } = await play([stream(event('1'), { end: true }), stream(event('2'))], { headers });
    const { heard } = listen('a.>');
    await until('both events', () => heard.length === 2);
    expect(server.exchanges.map(({ request }) => request.headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('headers that never come are asked for again', async () => {
    let count = 0;
    const headers = (): Promise<Record<string, string>> => {
      count += 1;
      return count === 1 ? new Promise(() => undefined) : Promise.resolve({});
    };
    const { listen } = await play([stream(event('1'))], { headers, silenceMsMax: 100 });
    const { heard } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(count).toBe(2);
  });

  test('an event without end is a gap, and its connection is not left open', async () => {
    const lines = `data: ${'x'.repeat(1_000)}\n`.repeat(17_000);
    const { server, listen } = await play([stream(lines), stream(event('1'))]);
    const { heard, gaps } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(gaps[0]).toMatchObject({ reason: 'event-too-long' });
    await until('it is closed', () => server.exchanges[0]?.response.destroyed === true);
  });

  test('a stored cursor is gone on after', async () => {
    const { server, listen } = await play([stream(event('8'))], { cursor: '7' });
    const { heard } = listen('a.>');
    await until('an event', () => heard.length === 1);
    expect(server.exchanges[0]?.request.headers['last-event-id']).toBe('7');
  });
});
