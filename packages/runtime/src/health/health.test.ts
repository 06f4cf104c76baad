// When a service is ready, and what asking costs.
import { describe, expect, test } from '@jest/globals';
import { collectLog } from '../../test/support/collect-log.ts';
import { until } from '../../test/support/until.ts';
import { Health } from './health.ts';
import type { HealthState } from './probe.ts';

const about = { service: 'demo', replicaId: 'r1' };

function started(options: Partial<ConstructorParameters<typeof Health>[0]> = {}): Health {
  const health = new Health({ ...about, cacheMs: 0, ...options });
  health.markStarted();
  return health;
}

describe('a service is ready', () => {
  test('only between its start and its stop (H4)', async () => {
    const health = new Health(about);
    expect((await health.report()).status).toBe('starting');
    health.markStarted();
    expect((await health.report()).status).toBe('ready');
    health.markStopping();
    expect((await health.report()).status).toBe('stopping');
    health.markStarted();
    expect((await health.report()).status).toBe('stopping');
  });

  test('while nothing is down; what is down is named', async () => {
    const health = started();
    let database: HealthState = { state: 'down', reason: 'no answer' };
    health.register('database', () => database);
    health.register('broker', async () => ({ state: 'degraded', reason: 'no monitor' }));
    expect(await health.report()).toEqual({
      status: 'down',
      ...about,
      checks: { database: { state: 'down', reason: 'no answer' }, broker: { state: 'degraded', reason: 'no monitor' } },
    });
    database = { state: 'up' };
    expect((await health.report()).status).toBe('ready');
  });
});

describe('a flood of probes costs one check (H1)', () => {
  test('while it runs', async () => {
    let count = 0;
    const release = Promise.withResolvers<HealthState>();
    const health = started();
    health.register('database', () => ((count += 1), release.promise));
    const reports = Array.from({ length: 1000 }, () => health.report());
    release.resolve({ state: 'up' });
    await Promise.all(reports);
    expect(count).toBe(1);
  });

  test('and for a moment afterwards, but not for ever', async () => {
    let count = 0;
    const health = started({ cacheMs: 20 });
    health.register('database', () => ((count += 1), { state: 'up' }));
    await health.report();
    await health.report();
    expect(count).toBe(1);
    const deadline = performance.now() + 20;
    await until(() => performance.now() > deadline, 'the answer had expired');
    await health.report();
    expect(count).toBe(2);
  });

  test('a change of phase is seen at once all the same', async () => {
    const health = started({ cacheMs: 60_000 });
    await health.report();
    health.markStopping();
    expect((await health.report()).status).toBe('stopping');
  });
});

describe('a check that', () => {
  test('hangs is down after its deadline, is told to stop, and is not started again meanwhile (H2)', async () => {
    let count = 0;
    let signal: AbortSignal | undefined;
    const health = started({ checkWithinMs: 20 });
    health.register('database', (given) => ((count += 1), (signal = given), new Promise(() => undefined)));
    const { checks } = await health.report();
    expect(checks['database']).toEqual({ state: 'down', reason: 'no answer within 20 ms' });
    await health.report();
    expect(count).toBe(1);
    await until(() => signal?.aborted === true, 'the check was told to stop');
  });

  test('throws is down, and its text goes to the log only (H3)', async () => {
    const { logger, lines } = collectLog();
    const health = started({ logger });
    health.register('database', () => {
      throw new Error('password=hunter2');
    });
    expect(JSON.stringify(await health.report())).not.toContain('hunter2');
    expect(lines).toContainEqual(
      expect.objectContaining({ check: 'database', err: expect.objectContaining({ message: 'password=hunter2' }) }),
    );
  });

  test('changes its state is logged when it changes, not each time', async () => {
    const { logger, lines } = collectLog();
    const health = started({ logger });
    let state: HealthState = { state: 'up' };
    health.register('broker', () => state);
    await health.report();
    state = { state: 'down', reason: 'gone' };
    await health.report();
    await health.report();
    state = { state: 'up' };
    await health.report();
    expect(lines.map(({ was, state: is }) => [was, is])).toEqual([
      ['up', 'down'],
      ['down', 'up'],
    ]);
  });

  test('has the name of another is refused', () => {
    const health = started();
    health.register('database', () => ({ state: 'up' }));
    expect(() => health.register('database', () => ({ state: 'up' }))).toThrow("'database'");
  });
});
