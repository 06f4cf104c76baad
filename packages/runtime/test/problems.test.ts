// Every error is a problem document with a stable code, and what we did not expect stays with us.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { route, streamRoute } from '../src/http/route.ts';
import type { Reply } from '../src/http/route.ts';
import { Problem } from '../src/problem/problem.ts';
import { conflict, notFound, preconditionFailed, tooManyRequests, unavailable } from '../src/problem/problems.ts';
import { serveRoutes } from './support/serve-routes.ts';
import type { Served } from './support/serve-routes.ts';

const secret = 'password=hunter2 at postgres://db.internal';
const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

class DatabaseAwayError extends Error {}

/** What the route `/fail/<name>/` does. */
const failures: Readonly<Record<string, () => Reply | Promise<Reply>>> = {
  error: () => {
    throw new TypeError(secret);
  },
  rejection: () => Promise.reject(new Error(secret)),
  'no-error': () => Promise.reject(secret),
  'unserialisable-reply': () => ({ status: 200, body: cyclic }),
  'bigint-reply': () => ({ status: 200, body: { secret, id: 1n } }),
  'invalid-header': () => ({ status: 200, headers: { etag: `a\r\n${secret}` } }),
  'invalid-status': () => ({ status: 99_999, body: secret }),
  'not-found': () => {
    throw notFound({ code: 'show-not-found', detail: 'There is no show 7.' });
  },
  conflict: () => {
    throw conflict({
      code: 'schedule-collision',
      extensions: { collisions: [1], status: 200 },
      cause: new Error(secret),
    });
  },
  precondition: () => {
    throw preconditionFailed();
  },
  unavailable: () => {
    throw unavailable({ retryAfterSeconds: 1.2, cause: new Error(secret) });
  },
  busy: () => {
    throw tooManyRequests({ retryAfterSeconds: 30 });
  },
  'database-away': () => {
    throw new DatabaseAwayError(secret);
  },
};

let served: Served;

beforeAll(async () => {
  const responses = { 200: { description: 'never' } };
  const names = Object.entries(failures);
  served = await serveRoutes(
    [
      ...names.map(([name, handler]) =>
        route({ method: 'get', path: `/fail/${name}/`, summary: name, permission: 'public', responses, handler }),
      ),
      streamRoute({
        method: 'get',
        path: '/half/',
        summary: 'Fails after half an answer',
        permission: 'public',
        responses,
        handler: (_request, response) => {
          response.write('half');
          throw new Error(secret);
        },
      }),
      streamRoute({
        method: 'get',
        path: '/none/',
        summary: 'Fails before its answer',
        permission: 'public',
        responses,
        handler: (_request, response) => {
          response.setHeader('content-type', 'text/event-stream');
          response.setHeader('etag', '"1"');
          throw new Error(secret);
        },
      }),
    ],
    {
      translateError: (error) =>
        error instanceof DatabaseAwayError
          ? unavailable({ code: 'database-unavailable', retryAfterSeconds: 2, cause: error })
          : undefined,
    },
  );
});
afterAll(() => served.stop());

const fail = (name: string) => served.call(`/demo/api/v1/fail/${name}/`);

describe('an unexpected error', () => {
  test.each([
    'error',
    'rejection',
    'no-error',
    'unserialisable-reply',
    'bigint-reply',
    'invalid-header',
    'invalid-status',
  ])('of the kind %s shows an id and never its text; the log has both (P1)', async (name) => {
    const { status, text, json, headers } = await fail(name);
    expect(status).toBe(500);
    expect(json).toEqual({
      type: '/problems/internal',
      title: 'Unexpected error',
      status: 500,
      code: 'internal',
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    });
    expect(text + JSON.stringify([...headers])).not.toMatch(/hunter2|postgres|TypeError|\.ts/);
    const line = served.lines.find(({ errorId }) => json['instance'] === `urn:uuid:${String(errorId)}`);
    expect(line).toMatchObject({ level: 'error', status: 500, code: 'internal' });
    expect(line?.['err']).toBeDefined();
  });

  test('before a stream has begun is a whole problem, without the headers of the stream', async () => {
    const { status, headers, json } = await served.call('/demo/api/v1/none/');
    expect([status, json['code'], headers.get('etag')]).toEqual([500, 'internal', null]);
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  test('after half an answer cuts the connection, so that nobody takes it for whole (P3)', async () => {
    await expect(served.call('/demo/api/v1/half/')).rejects.toThrow(/terminated|fetch failed/);
    expect(served.lines).toContainEqual(expect.objectContaining({ level: 'error', route: '/demo/api/v1/half/' }));
  });
});

describe('a problem', () => {
  test('is sent as RFC 9457 with its code, and is never cached (P2)', async () => {
    const { status, json, headers } = await fail('not-found');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      type: '/problems/show-not-found',
      title: 'Show not found',
      status: 404,
      code: 'show-not-found',
      detail: 'There is no show 7.',
      instance: expect.stringMatching(/^urn:uuid:/),
    });
  });

  test('carries its extensions, which cannot replace the standard members', async () => {
    const { json } = await fail('conflict');
    expect(json).toMatchObject({ status: 409, code: 'schedule-collision', collisions: [1] });
  });

  test('never shows its cause', async () => {
    for (const name of ['conflict', 'unavailable']) expect((await fail(name)).text).not.toContain('hunter2');
  });

  test('that goes away by itself says when to come back, in whole seconds', async () => {
    expect((await fail('unavailable')).headers.get('retry-after')).toBe('2');
    expect((await fail('busy')).headers.get('retry-after')).toBe('30');
  });

  test('that is the client’s doing is no error of ours in the log', async () => {
    await fail('precondition');
    const line = served.lines.findLast(({ code }) => code === 'precondition-failed');
    expect(line).toMatchObject({ level: 'info', status: 412 });
    expect(line?.['err']).toBeUndefined();
  });

  test('can be made of an error a service knows', async () => {
    const { status, json, text, headers } = await fail('database-away');
    expect([status, json['code'], headers.get('retry-after')]).toEqual([503, 'database-unavailable', '2']);
    expect(text).not.toContain('hunter2');
  });

  test('has a title even if nobody wrote one', () => {
    expect(new Problem({ status: 400, code: 'end-before-start' }).title).toBe('End before start');
  });
});
