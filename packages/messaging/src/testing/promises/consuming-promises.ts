// What consuming promises on any back-end: order per key, retries, leases and stopping.
import assert from 'node:assert/strict';
import { Unavailable } from '../../errors.ts';
import { pause } from '../../time.ts';
import { promise } from '../backend-promise.ts';
import { reading } from '../reading.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, value) => value);

export const consumingPromises = [
  promise('G1, G2: every message is handled once, in order per key, keys side by side', async (stage) => {
    const seen = new Map<string, number[]>();
    let [together, most] = [0, 0];
    await stage.addConsumer('order', { filter: 'conformance.>' });
    stage.consume('order', async (value, { key }) => {
      most = Math.max(most, (together += 1));
      await pause(stage.broker.time, 5);
      seen.set(key, [...(seen.get(key) ?? []), value]);
      together -= 1;
    });
    const meters = ['k1', 'k2', 'k3'];
    await Promise.all(meters.map((meter) => stage.publish(meter, 20)));
    await stage.until('all are handled', () => [...seen.values()].flat().length === 60);
    for (const meter of meters) assert.deepEqual(seen.get(`meter/${meter}`), upTo(20));
    assert.ok(most > 1);
  }),

  promise('G2, G3: a failing key waits and goes on in order; the others flow meanwhile', async (stage) => {
    const order: string[] = [];
    let failures = 0;
    await stage.addConsumer('hot', { filter: 'conformance.>' });
    await stage.publish('hot', 3);
    await stage.publish('cool', 3);
    stage.consume(
      'hot',
      async (value, { key }) => {
        if (key === 'meter/hot' && failures++ < 2) throw new Error('not yet');
        order.push(`${key}:${value}`);
      },
      { concurrency: 1 },
    );
    await stage.until('all are handled', () => order.length === 6);
    const ofKey = (key: string): string[] => order.filter((entry) => entry.startsWith(key));
    assert.deepEqual(ofKey('meter/hot'), ['meter/hot:0', 'meter/hot:1', 'meter/hot:2']);
    assert.ok(order.indexOf('meter/cool:2') < order.indexOf('meter/hot:0'));
  }),

  promise('G1: Unavailable is no attempt: a message outlives more failures than it has attempts', async (stage) => {
    let tries = 0;
    await stage.addConsumer('away');
    stage.consume('away', async () => {
      tries += 1;
      if (tries <= 6) throw new Unavailable('the database is away');
    });
    await stage.publish('away', 1);
    await stage.until('it is handled', () => tries === 7);
    assert.deepEqual(await stage.contents('dead-letter'), []);
  }),

  promise(
    'G4: a handler slower than the ack wait handles each message once, and so do those that wait',
    async (stage) => {
      const handled: number[] = [];
      await stage.addConsumer('slow', { ackWaitMs: 1_000 });
      stage.consume(
        'slow',
        async (value) => {
          handled.push(value);
          await pause(stage.broker.time, 1_500);
        },
        { concurrency: 1 },
      );
      await stage.publish('slow', 2);
      await stage.until('both are', () => handled.length === 2);
      await stage.broker.pass(1_700);
      assert.deepEqual(handled, [0, 1]);
    },
  ),

  promise('G6: what has expired is never handled', async (stage) => {
    const handled: number[] = [];
    await stage.addConsumer('expired');
    stage.consume('expired', async (value) => void handled.push(value));
    const late = reading('expired', 0);
    const headers = { ...late.headers, 'ce-expirytime': new Date(0).toISOString() };
    await stage.during(stage.backend.publisher.publish({ ...late, headers }));
    await stage.publish('expired', 1, 1);
    await stage.until('the next is handled', () => handled.length > 0);
    assert.deepEqual(handled, [1]);
  }),

  promise('G7: stopping gives back at once what has not started, and waits for what runs', async (stage) => {
    const released = Promise.withResolvers<void>();
    const [handled, others]: [number[], number[]] = [[], []];
    let started = 0;
    await stage.addConsumer('stopping');
    const first = stage.consume(
      'stopping',
      async (value) => {
        started += 1;
        await released.promise;
        handled.push(value);
      },
      { concurrency: 1 },
    );
    await stage.publish('stopping', 10);
    await stage.until('one runs', () => started === 1);
    const stopped = first.stop({ withinMs: 9_000 });
    stage.consume('stopping', async (value) => void others.push(value), { concurrency: 1, from: stage.connect() });
    await stage.until('another replica has the rest', () => others.length === 9);
    released.resolve();
    await stage.during(stopped);
    assert.deepEqual(handled, [0]);
    assert.deepEqual(
      others.toSorted((a, b) => a - b),
      upTo(10).slice(1),
    );
    assert.equal(started, 1);
  }),

  promise('G8: what was handled is not handled again, by no replica, after no ack wait', async (stage) => {
    const handled: number[] = [];
    await stage.addConsumer('once', { ackWaitMs: 1_000 });
    const first = stage.consume('once', async (value) => void handled.push(value));
    await stage.publish('once', 5);
    await stage.until('all are handled', () => handled.length === 5);
    await stage.during(first.stop({ withinMs: 1_000 }));
    stage.consume('once', async (value) => void handled.push(value), { from: stage.connect() });
    await stage.broker.pass(1_500);
    assert.deepEqual(handled, upTo(5));
  }),
];
