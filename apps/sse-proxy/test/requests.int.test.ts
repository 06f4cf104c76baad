// S8: what is refused is refused before a stream begins, with a code; what is only too much now is an answer that an
// EventSource survives.
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { RunningService } from '@longwave/runtime';
import { EventSource } from 'eventsource';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let proxy: RunningService;
const ORIGIN = 'https://radio.example';

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats, { CORS_ORIGINS: ORIGIN, FILTERS_PER_CONNECTION_MAX: '3' });
});
afterAll(async () => {
  await proxy.stop();
  await broker.stop();
});

const ask = (query: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${proxy.address}/events${query}`, init);

describe('a wrong request (S8)', () => {
  test.each([
    ['', 400, 'missing-filter'],
    ['?subject=', 400, 'illegal-filter'],
    ['?subject=resource..x', 400, 'illegal-filter'],
    ['?subject=resource.%3E.x', 400, 'illegal-filter'],
    ['?subject=resource.a%20b', 400, 'illegal-filter'],
    ['?subject=resource.%0D%0ASUB', 400, 'illegal-filter'],
    [`?subject=resource.${'x'.repeat(400)}`, 400, 'illegal-filter'],
    ['?subject=resource.a&subject=resource.b&subject=resource.c&subject=resource.d', 400, 'too-many-filters'],
    ['?subject=%3E', 403, 'forbidden-subject'],
    ['?subject=resource', 403, 'forbidden-subject'],
    ['?subject=notification.user.7.%3E', 403, 'forbidden-subject'],
    ['?subject=resource.%3E&subject=notification.%3E', 403, 'forbidden-subject'],
    ['?subject=%24JS.API.%3E', 403, 'forbidden-subject'],
    ['?subject=notification.%3E&lastEventId=1~a.1.1', 403, 'forbidden-subject'],
    ['?subject=resource.%3E&since=2026-01-01T00:00:00Z&last=3', 400, 'two-beginnings'],
    ['?subject=resource.%3E&snapshot=1', 400, 'no-snapshot'],
    ['?subject=resource.%3E&last=0', 400, 'invalid-query'],
    ['?subject=resource.%3E&policy=drop', 400, 'invalid-query'],
    ['?subject=resource.%3E&lastEventId=nonsense', 400, 'invalid-cursor'],
    ['?subject=resource.%3E&since=1', 400, 'invalid-query'],
    ['?subject=resource.%3E&lastEventId=a&lastEventId=b', 400, 'invalid-query'],
    ['?subject=%E0%A4%A', 400, 'invalid-query'],
    ['?subject=resource.%00', 400, 'invalid-query'],
  ])('%s is refused with %i %s', async (query, status, code) => {
    const answer = await ask(query, { headers: { accept: 'text/event-stream' } });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  test('names those of its subjects that are wrong', async () => {
    const wrong = await ask('?subject=resource.%3E&subject=secret.%3E&subject=hidden.x');
    expect(await wrong.json()).toMatchObject({ code: 'forbidden-subject', subjects: ['secret.>', 'hidden.x'] });
    const illegal = await ask('?subject=resource.%3E&subject=a..b');
    expect(await illegal.json()).toMatchObject({ code: 'illegal-filter', subjects: ['a..b'] });
  });

  test('for streams that nobody keeps, or for more than a cursor holds, says so where more may be heard', async () => {
    const open = await startProxy(broker.nats, { PUBLIC_SUBJECTS: '>' });
    const codes = ['other.%3E', '%3E'].map(async (subject) => {
      const answer = await fetch(`${open.address}/events?subject=${subject}`);
      return ((await answer.json()) as { code: string }).code; // a problem
    });
    expect(await Promise.all(codes)).toEqual(['no-such-stream', 'too-many-streams']);
    await open.stop();
  });

  test('is one that wants something else: 406 only for who refuses an event stream', async () => {
    const refused = await ask('?subject=resource.%3E', { headers: { accept: 'application/json' } });
    expect([refused.status, (await refused.json()) as object]).toMatchObject([406, { code: 'not-acceptable' }]);
    const explicitly = await ask('?subject=resource.%3E', { headers: { accept: 'text/event-stream;q=0, */*' } });
    expect(explicitly.status).toBe(406);
    await explicitly.body?.cancel();
    for (const accept of ['*/*', 'text/*;q=0.1', 'text/event-stream; charset=UTF-8']) {
      const client = await EventClient.open(proxy.address, 'subject=resource.%3E', { accept });
      expect([accept, client.response.statusCode]).toEqual([accept, 200]);
      client.close();
    }
  });

  test('has a method that is not GET, HEAD or OPTIONS', async () => {
    const answer = await ask('?subject=resource.%3E', { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    await answer.body?.cancel();
  });
});

describe('a right request', () => {
  test('is answered at once, with what keeps caches and proxies from interfering', async () => {
    const client = await EventClient.open(proxy.address, 'subject=resource.%3E');
    expect(client.response.statusCode).toBe(200);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    await client.until('the first bytes are there', () => client.blocks.length > 0);
    client.close();
  });

  test('by HEAD has the same head and no body; by OPTIONS it says what is allowed', async () => {
    const head = await ask('?subject=resource.%3E', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/event-stream', '']);
    expect((await ask('', { method: 'HEAD' })).status).toBe(400);
    const options = await ask('', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  test('from a page of a listed origin may carry credentials; no other page gets any leave', async () => {
    const from = async (origin: string): Promise<Record<string, unknown>> => {
      const client = await EventClient.open(proxy.address, 'subject=resource.%3E', { origin });
      const { headers } = client.response;
      client.close();
      const { vary } = headers;
      return {
        vary,
        origin: headers['access-control-allow-origin'],
        with: headers['access-control-allow-credentials'],
      };
    };
    expect(await from(ORIGIN)).toEqual({ vary: 'Origin', origin: ORIGIN, with: 'true' });
    expect(await from('https://elsewhere.example')).toEqual({ vary: 'Origin', origin: undefined, with: undefined });
    const preflight = await preflightOf('last-event-id');
    expect(preflight).toMatchObject({ 'access-control-allow-headers': 'last-event-id' });
  });
});

describe('more clients than there is room for (S8, S10)', () => {
  test('are told to come later, in a way that an EventSource survives; a program gets a 503', async () => {
    const small = await startProxy(broker.nats, { CONNECTIONS_MAX: '1' });
    const first = await EventClient.follow(small.address, ['resource.>']);
    const second = await EventClient.open(small.address, 'subject=resource.%3E');
    await second.until('it is ended', () => second.isEnded);
    expect(second.response.statusCode).toBe(200);
    // No blank line: the standard would have the client forget where it was. (F4)
    expect([second.blocks, second.unfinished]).toEqual([[], expect.stringMatching(/^retry: [0-9]{4,5}\n$/)]);
    const program = await fetch(`${small.address}/events?subject=resource.%3E`, { headers: { accept: '*/*' } });
    expect([program.status, await program.json()]).toMatchObject([503, { code: 'overloaded' }]);
    expect(Number(program.headers.get('retry-after'))).toBeGreaterThan(0);
    const source = new EventSource(`${small.address}/events?subject=resource.%3E`);
    await until('the EventSource was turned away', () => source.readyState === source.CONNECTING);
    expect(source.readyState).not.toBe(source.CLOSED);
    source.close();
    first.close();
    await until('there is room again', async () => {
      const third = await EventClient.open(small.address, 'subject=resource.%3E');
      await third.until('something is there', () => third.blocks.length > 0 || third.isEnded);
      third.close();
      return third.lastEventId !== '';
    });
    await small.stop();
  });
});

/** `fetch` does not let a program send a preflight. */
async function preflightOf(header: string): Promise<NodeJS.Dict<string | string[]>> {
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.Dict<string | string[]>>();
  const headers = { origin: ORIGIN, 'access-control-request-method': 'GET', 'access-control-request-headers': header };
  request(`${proxy.address}/events`, { method: 'OPTIONS', headers })
    .on('response', (response) => resolve(response.resume().headers))
    .on('error', reject)
    .end();
  return promise;
}
