// Changes of shows against a real HTTP server that behaves as steering does.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Api, ProblemError, UnreachableError } from '../http/api.ts';
import { startLoopbackServer, type LoopbackServer } from '../testing/loopback-server.ts';
import { ShowApi, ShowChangedError, showTraits } from './show-api.ts';
import { show, showInput, type Show } from '@longwave/contracts';

const seen: Show = show.parse({
  ...showInput.parse({ name: 'Night Shift', slug: 'night-shift' }),
  id: 7,
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedAt: '2026-11-21T12:00:00.000Z',
});

type Heard = { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string };
type Reply = { readonly status: number; readonly body?: unknown; readonly etag?: string };

let server: LoopbackServer;
let heard: Heard[];
let replies: Record<string, Reply>;

beforeEach(async () => {
  heard = [];
  replies = { 'GET /steering/api/v1/shows/7/': { status: 200, body: seen, etag: '"3"' } };
  server = await startLoopbackServer((request, response) => void answer(request, response));
});
afterEach(() => server.close());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = `${request.method} ${request.url}`;
  heard.push({ line, headers: request.headers, body: await text(request) });
  const { status, body, etag } = replies[line] ?? { status: 404, body: { title: 'Not found', code: 'not-found' } };
  response.writeHead(status, etag === undefined ? {} : { etag });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function createShowApi(): ShowApi {
  const here = (path: string | URL | Request): string | URL => (path instanceof Request ? path.url : path);
  return new ShowApi(new Api((path, options) => fetch(new URL(here(path), server.url), options)));
}

describe('a change', () => {
  test('is made on the version that was looked at', async () => {
    const changed = { ...seen, name: 'Day Shift' };
    replies['PATCH /steering/api/v1/shows/7/'] = { status: 200, body: changed };
    expect(await createShowApi().change(seen, { name: 'Day Shift' })).toEqual(changed);
    expect(heard[1]?.headers).toMatchObject({ 'if-match': '"3"', 'content-type': 'application/merge-patch+json' });
    expect(heard[1]?.body).toBe('{"name":"Day Shift"}');
  });

  test('is not even asked for when the show is another by now', async () => {
    replies['GET /steering/api/v1/shows/7/'] = {
      status: 200,
      body: { ...seen, updatedAt: '2026-11-21T12:00:01.000Z' },
    };
    await expect(createShowApi().change(seen, { name: 'x' })).rejects.toThrow(ShowChangedError);
    expect(heard).toHaveLength(1);
  });

  test('that loses the race is told as such', async () => {
    replies['PATCH /steering/api/v1/shows/7/'] = { status: 412, body: { title: 'Precondition failed' } };
    await expect(createShowApi().change(seen, { name: 'x' })).rejects.toThrow(ShowChangedError);
  });

  test('that is refused tells the problem', async () => {
    replies['PATCH /steering/api/v1/shows/7/'] = { status: 400, body: { title: 'Invalid body', code: 'invalid-body' } };
    const error = await createShowApi()
      .change(seen, { name: '' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'invalid-body' });
  });
});

test('a show is deleted only as it was looked at', async () => {
  replies['DELETE /steering/api/v1/shows/7/'] = { status: 204 };
  await createShowApi().delete(seen);
  expect(heard[1]?.line).toBe('DELETE /steering/api/v1/shows/7/');
  expect(heard[1]?.headers['if-match']).toBe('"3"');
});

test('a show that somebody else deleted was changed by somebody else', async () => {
  replies = {};
  await expect(createShowApi().delete(seen)).rejects.toThrow(ShowChangedError);
});

test('a new show carries its idempotency key, and no slug where none was given', async () => {
  replies['POST /steering/api/v1/shows/'] = { status: 201, body: seen };
  await createShowApi().create({ name: 'Night Shift', slug: '', shortDescription: 'Late' }, 'key-1');
  expect(heard[0]?.headers['idempotency-key']).toBe('key-1');
  expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ name: 'Night Shift', shortDescription: 'Late' });
});

test('a show that is gone is read as nothing', async () => {
  expect(await createShowApi().read('/steering/api/v1/shows/8/', new AbortController().signal)).toBeNull();
});

test('nobody answering is told in words that help', async () => {
  await server.close();
  const reading = createShowApi().page('/steering/api/v1/shows/', new AbortController().signal);
  await expect(reading).rejects.toThrow(UnreachableError);
});

test('an answer that is not JSON is no list', async () => {
  replies['GET /steering/api/v1/shows/'] = { status: 200 };
  const reading = createShowApi().page('/steering/api/v1/shows/', new AbortController().signal);
  await expect(reading).rejects.toMatchObject({ code: 'not-json' });
});

test('shows are in the order of their names', () => {
  const names = ['b', 'Ä', 'a', 'Z'].map((name, id) => ({ ...seen, id, name }));
  expect(names.toSorted(showTraits.compare).map(({ name }) => name)).toEqual(['a', 'Ä', 'b', 'Z']);
});
