import { expect, test } from '@jest/globals';
import { observe, readHealth, unreachable } from './health.ts';

test('a service whose checks are all up is ready', () => {
  const checks = { database: { state: 'up' }, broker: { state: 'up' } };
  expect(readHealth(200, { status: 'ready', checks })).toEqual({
    state: 'ready',
    checks: [
      { name: 'database', state: 'up', reason: null },
      { name: 'broker', state: 'up', reason: null },
    ],
    reason: null,
  });
});

test('a service that works but not well is degraded, and says why', () => {
  const checks = { ingest: { state: 'degraded', reason: '12 messages behind' } };
  const health = readHealth(200, { status: 'ready', checks });
  expect(health.state).toBe('degraded');
  expect(health.checks[0]?.reason).toBe('12 messages behind');
});

test('a service that may not be given work says in which way', () => {
  for (const status of ['starting', 'stopping', 'down'] as const) {
    expect(readHealth(503, { status, checks: {} }).state).toBe(status);
  }
});

test('an answer that is no health comes from something in between', () => {
  expect(readHealth(502, { title: 'Bad gateway', detail: 'steering is away' })).toEqual(
    unreachable('steering is away'),
  );
  expect(readHealth(200, null)).toEqual(unreachable('Answered 200 instead of its health'));
  expect(readHealth(200, { status: 'fine', checks: {} }).state).toBe('unreachable');
});

test('since when is told only for what was seen to change', () => {
  const ready = readHealth(200, { status: 'ready', checks: {} });
  const first = observe(undefined, ready, new Date(1));
  expect(first.since).toBeNull();
  expect(observe(first, ready, new Date(2)).since).toBeNull();
  const away = observe(first, unreachable('No answer'), new Date(3));
  expect(away.since).toEqual(new Date(3));
  expect(observe(away, unreachable('No answer, still'), new Date(4)).since).toEqual(new Date(3));
});
