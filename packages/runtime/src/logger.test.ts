// What a log line looks like, and what is never in one.
import { describe, expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';

function logged(pretty: boolean, write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger({ service: 'demo', replicaId: 'r1', level: 'info', pretty, destination }));
  return lines.join('');
}

describe('a line', () => {
  test('is one JSON object that names service, replica, level and instant', () => {
    expect(JSON.parse(logged(false, (logger) => logger.info({ show: 7 }, 'created')))).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'demo',
      replicaId: 'r1',
      show: 7,
      msg: 'created',
    });
  });

  test('is one readable line in a terminal', () => {
    const text = logged(true, (logger) => logger.info({ show: 7 }, 'created'));
    expect(text).toMatch(/INFO.*\[demo\] created.*"show":7/);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  test('can hold any error, also one that refers to itself', () => {
    const error = Object.assign(new Error('broken'), { self: {} });
    error.self = error;
    expect(logged(false, (logger) => logger.error({ err: error }, 'failed'))).toContain('broken');
  });
});

describe('a secret never reaches the log (O2)', () => {
  const secret = 'hunter2';

  test.each(['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'seed', 'DATABASE_URL'])(
    'under the name %s, however deep in what is logged',
    (name) => {
      const text = logged(false, (logger) => {
        const holder = { [name]: secret };
        logger.info({ ...holder, request: { headers: holder }, user: holder }, 'seen');
        logger.child(holder).info('seen');
      });
      expect(text).not.toContain(secret);
      expect(text).toContain('[redacted]');
    },
  );

  test.each([false, true])('as the password of a URL in a message, an error or its cause (pretty: %s)', (pretty) => {
    const url = `postgres://steering:${secret}@db:5432/steering`;
    const text = logged(pretty, (logger) => {
      logger.info({ address: url }, `connecting to ${url}`);
      logger.error({ err: new Error(`no route to ${url}`, { cause: new Error(url) }) }, 'failed');
    });
    expect(text).not.toContain(secret);
    expect(text).toContain('postgres://steering:[redacted]@db:5432');
  });

  test('and hiding it costs little, whatever a client makes us log', () => {
    const hostile = '://a:'.repeat(50_000);
    const startedMs = performance.now();
    logged(false, (logger) => logger.info({ hostile }, 'seen'));
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});
