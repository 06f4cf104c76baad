// What is released when, whatever the other releases do.
import { describe, expect, test } from '@jest/globals';
import { Lifecycle, ReleaseTimeoutError } from './lifecycle.ts';
import { withLifecycle } from './with-lifecycle.ts';

const never = () => new Promise<void>(() => undefined);

describe('stopping', () => {
  test('releases in reverse order, each after the one before is done (L1)', async () => {
    const events: string[] = [];
    const lifecycle = new Lifecycle();
    for (const name of ['database', 'broker', 'http']) {
      lifecycle.add(name, async () => {
        events.push(`${name} begins`);
        await Promise.resolve();
        events.push(`${name} ends`);
      });
    }
    await lifecycle.stop();
    expect(events).toEqual([
      'http begins',
      'http ends',
      'broker begins',
      'broker ends',
      'database begins',
      'database ends',
    ]);
  });

  test('goes on after a release that throws, and reports every error (L2)', async () => {
    const released: string[] = [];
    const lifecycle = new Lifecycle();
    lifecycle.add('a', () => void released.push('a'));
    lifecycle.add('b', () => {
      throw new Error('b is broken');
    });
    lifecycle.add('c', () => Promise.reject(new Error('c is broken')));
    await expect(lifecycle.stop()).rejects.toMatchObject({
      errors: [{ message: 'c is broken' }, { message: 'b is broken' }],
    });
    expect(released).toEqual(['a']);
  });

  test('goes on after a release that hangs, within the one deadline of all (L2)', async () => {
    const released: string[] = [];
    const lifecycle = new Lifecycle({ withinMs: 50 });
    lifecycle.add('quick', async () => void released.push('quick'));
    lifecycle.add('hangs too', never);
    lifecycle.add('hangs', never);
    const startedMs = performance.now();
    const failure = await lifecycle.stop().catch((error: unknown) => error);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(failure).toMatchObject({ errors: [{ code: 'release-timeout' }, expect.any(ReleaseTimeoutError)] });
    expect(String((failure as AggregateError).errors[0])).toContain("'hangs' did not stop within 50 ms");
    expect(released).toEqual(['quick']);
  });

  test('tells every release what is left of the deadline', async () => {
    const lifecycle = new Lifecycle({ withinMs: 40 });
    const given: number[] = [];
    lifecycle.add('second', ({ withinMs }) => void given.push(withinMs));
    lifecycle.add('first', ({ withinMs }) => (given.push(withinMs), never()));
    await lifecycle.stop().catch(() => undefined);
    expect(given).toEqual([40, 0]);
  });

  test('twice, or again later, is once (L3)', async () => {
    let count = 0;
    const lifecycle = new Lifecycle();
    lifecycle.add('a', () => void (count += 1));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(count).toBe(1);
  });

  test('refuses what is acquired afterwards, as nobody would release it', async () => {
    const lifecycle = new Lifecycle();
    await lifecycle.stop();
    expect(() => lifecycle.add('late', () => undefined)).toThrow("'late' was acquired after stop began");
  });
});

describe('a start', () => {
  test('that succeeds gives the address, and a stop that releases', async () => {
    const released: string[] = [];
    const service = await withLifecycle({}, async (lifecycle) => {
      lifecycle.add('a', () => void released.push('a'));
      return { address: 'http://127.0.0.1:1' };
    });
    expect([service.address, released]).toEqual(['http://127.0.0.1:1', []]);
    await service.stop();
    expect(released).toEqual(['a']);
  });

  test('that fails midway releases what it had acquired, and says why (L4)', async () => {
    const released: string[] = [];
    const failing = withLifecycle({}, async (lifecycle) => {
      lifecycle.add('a', () => void released.push('a'));
      lifecycle.add('b', () => void released.push('b'));
      throw new Error('the port is taken');
    });
    await expect(failing).rejects.toThrow('the port is taken');
    expect(released).toEqual(['b', 'a']);
  });

  test('that fails, and whose releases fail too, tells both', async () => {
    const failing = withLifecycle({}, async (lifecycle) => {
      lifecycle.add('a', () => Promise.reject(new Error('stuck')));
      throw new Error('the port is taken');
    });
    await expect(failing).rejects.toMatchObject({
      errors: [{ message: 'the port is taken' }, { errors: [{ message: 'stuck' }] }],
    });
  });
});
