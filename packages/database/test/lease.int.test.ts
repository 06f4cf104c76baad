// The promises L1 to L4 of leases, with several processes' worth of competitors on a real Postgres.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';

import { holdLease, type Lease, type LeaseError, type LeaseOptions } from '../src/index.ts';
import type { TestDatabase } from '../src/testing/index.ts';
import { createEmptyDatabase, query } from './support/empty-database.ts';
import { type SilentProxy, startSilentProxy } from './support/silent-proxy.ts';

const name = 'outbox-lane-1';
let database: TestDatabase;
const leases: Lease[] = [];

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.stop()));
});

afterAll(() => database.drop());

type Competitor = Lease & {
  readonly signals: AbortSignal[];
  readonly losses: LeaseError[];
  readonly errors: unknown[];
};

function compete(options: Partial<LeaseOptions> = {}): Competitor {
  const signals: AbortSignal[] = [];
  const losses: LeaseError[] = [];
  const errors: unknown[] = [];
  const lease = holdLease({
    url: database.url,
    name,
    onAcquired: (signal) => void signals.push(signal),
    onLost: (error) => losses.push(error),
    onError: (error) => errors.push(error),
    ...options,
  });
  leases.push(lease);
  return Object.assign(lease, { signals, losses, errors });
}

const held = (lease: Lease) => until('the lease is held', () => lease.state === 'held', 5_000);

/** How long until `condition` holds. */
async function measure(what: string, condition: () => boolean): Promise<number> {
  const start = performance.now();
  await until(what, condition);
  return performance.now() - start;
}

async function killSessions(): Promise<void> {
  await query(database.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    `lease ${name}`,
  ]);
}

const holdersSql = `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

describe('L1 one holder at a time', () => {
  test('of five competitors one holds it, and the others each get it in turn when the holder stops', async () => {
    const all = Array.from({ length: 5 }, () => compete({ retryMs: 20 }));
    for (let left = all.length; left > 0; left -= 1) {
      const holder = await until('somebody holds it', () => all.find(({ state }) => state === 'held'), 5_000);
      expect(all.filter(({ state }) => state === 'held')).toHaveLength(1);
      expect(await query(database.url, holdersSql)).toEqual([{ n: 1 }]);
      await holder.stop();
    }
    expect(all.map(({ signals }) => signals.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('leases of other names are others', async () => {
    const [one, two] = [compete(), compete({ name: 'outbox-lane-2' })];
    await Promise.all([held(one), held(two)]);
  });

  test('work that has not ended after a loss keeps its process from competing, and is reported', async () => {
    const work = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const stubborn = compete({
      retryMs: 20,
      endWithinMs: 50,
      onAcquired: (signal) => {
        signals.push(signal);
        return work.promise;
      },
    });
    await held(stubborn);
    await killSessions();
    await until('the stubborn work is reported', () => stubborn.errors.length > 1, 5_000);
    expect(stubborn.errors[0]).toMatchObject({ code: 'work-still-running' });
    expect(signals).toHaveLength(1);
    work.resolve();
    await held(stubborn);
    expect(signals).toHaveLength(2);
  });
});

describe('L2 another one holds it within five seconds', () => {
  test('after the backend was terminated; the loser is told, and its signal has aborted', async () => {
    const holder = compete({ retryMs: 5_000 });
    await held(holder);
    const next = compete();
    await killSessions();
    expect(await measure('the next one holds it', () => next.state === 'held')).toBeLessThan(5_000);
    await until('the loser is told', () => holder.losses.length > 0, 5_000);
    expect(holder.losses[0]).toMatchObject({ code: 'lost' });
    expect(holder.signals[0]?.reason).toBe(holder.losses[0]);
  });

  test('after the holding process was killed', async () => {
    const script = fileURLToPath(new URL('./support/lease-holder.ts', import.meta.url));
    const flags = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, script, database.url, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const next = compete();
    child.kill('SIGKILL');
    expect(await measure('the next one holds it', () => next.state === 'held')).toBeLessThan(5_000);
  });
});

describe('L3 a holder that is cut off knows it', () => {
  let proxy: SilentProxy;

  beforeAll(async () => {
    proxy = await startSilentProxy(database.url);
  });

  afterAll(() => proxy.stop());

  test('within 2.5 seconds of silence, and holds it again when the network is back', async () => {
    const holder = compete({ url: proxy.url, retryMs: 50 });
    await held(holder);
    proxy.silence();
    const noticedAfterMs = await measure('the signal aborts', () => holder.signals[0]?.aborted === true);
    // A little more than promised: the heartbeat and its deadline are timers on a busy machine.
    expect(noticedAfterMs).toBeLessThan(3_000);
    expect(holder.losses[0]).toMatchObject({ code: 'lost', message: expect.stringContaining(name) });
    // The proxy's kernel answers for the holder, so the server cannot notice by itself what it would on a real network.
    await killSessions();
    proxy.recover();
    await held(holder);
  });

  test('an unreachable database is reported at every attempt, and the lease is acquired when it is back', async () => {
    proxy.silence();
    const lease = compete({ url: proxy.url, retryMs: 10 });
    await until('the failure is reported', () => lease.errors.length > 0, 5_000);
    expect(lease.state).toBe('waiting');
    proxy.recover();
    await held(lease);
  });
});

describe('L4 stop gives it back and leaves nothing', () => {
  test('the work ends before the lease is given back', async () => {
    const order: string[] = [];
    const holder = compete({
      onAcquired: async (signal) => {
        await once(signal, 'abort');
        const rows = await query(database.url, holdersSql);
        order.push(`work ended, held by ${String(rows[0]?.['n'])}`);
      },
    });
    await held(holder);
    await holder.stop();
    order.push(`stopped, held by ${String((await query(database.url, holdersSql))[0]?.['n'])}`);
    expect(order).toEqual(['work ended, held by 1', 'stopped, held by 0']);
    expect(holder).toMatchObject({ state: 'stopped', losses: [], errors: [] });
  });

  test('stop may be called again, and while the lease is still waited for', async () => {
    const holder = compete();
    await held(holder);
    const waiting = compete();
    await Promise.all([waiting.stop(), waiting.stop()]);
    expect(waiting).toMatchObject({ state: 'stopped', signals: [], errors: [] });
  });

  test('stop does not wait for ever for work that ignores its signal', async () => {
    const stubborn = compete({ endWithinMs: 50, onAcquired: () => new Promise(() => undefined) });
    await held(stubborn);
    await stubborn.stop();
    expect(stubborn.errors).toEqual([expect.objectContaining({ code: 'work-still-running' })]);
  });

  test('work that fails is reported, and the lease goes to another', async () => {
    const failing = compete({ retryMs: 2_000, onAcquired: () => Promise.reject(new Error('no lane')) });
    await until('the failure is reported', () => failing.errors.length > 0, 5_000);
    const next = compete({ retryMs: 20 });
    await held(next);
    expect(failing.losses).toEqual([]);
    expect(failing.errors[0]).toMatchObject({ message: 'no lane' });
  });
});
