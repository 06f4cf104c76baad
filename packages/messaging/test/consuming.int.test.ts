// What consuming promises (G1–G6, U2, U4), against a real server that is restarted on the way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Reject, Unavailable } from '@longwave/messaging';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { reading } from './support/reading.ts';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { until } from './support/until.ts';

describe('consuming', () => {
  let broker: Broker;
  let backend: JetStreamBackend;
  let consumptions: Consumptions;
  beforeAll(async () => {
    broker = await startBroker();
    backend = broker.backend();
    consumptions = createConsumptions(broker, backend);
  });
  afterAll(async () => {
    await consumptions.stop();
    await broker.close();
  });

  test('G1, G2: every message is handled once, in order per key, keys side by side', async () => {
    const seen = new Map<string, number[]>();
    let together = 0;
    let most = 0;
    await consumptions.consume(
      'order',
      async (value, message) => {
        together += 1;
        most = Math.max(most, together);
        await new Promise(setImmediate);
        const values = seen.get(message.key) ?? [];
        seen.set(message.key, [...values, value]);
        together -= 1;
      },
      { filter: 'test.meter.*.read' },
    );
    const meters = ['k1', 'k2', 'k3', 'k4', 'k5'];
    await Promise.all(meters.map((meter) => consumptions.publish(meter, 200)));
    await until('all are settled', consumptions.settled('order'));
    const expected = Array.from({ length: 200 }, (_, value) => value);
    for (const meter of meters) expect(seen.get(`meter/${meter}`)).toEqual(expected);
    expect(most).toBeGreaterThan(1);
  });

  test('G2, G3: a failing key waits and goes on in order; every other key flows meanwhile', async () => {
    const order: string[] = [];
    await consumptions.consume(
      'hot',
      async (value, message) => {
        // It fails for as long as the other key has not flowed past it.
        if (message.key === 'meter/hot1' && value === 0 && !order.includes('meter/cool1:2'))
          throw new Unavailable('not yet');
        order.push(`${message.key}:${value}`);
      },
      { filter: 'test.meter.*.read', concurrency: 1 },
    );
    await consumptions.publish('hot1', 3);
    await consumptions.publish('cool1', 3);
    await until('all are settled', consumptions.settled('hot'));
    expect(order.filter((entry) => entry.startsWith('meter/hot1'))).toEqual([
      'meter/hot1:0',
      'meter/hot1:1',
      'meter/hot1:2',
    ]);
  });

  test('G1: a rejected message is a dead letter at once, with its bytes, its cause and where it lay', async () => {
    let handled = 0;
    await consumptions.consume('reject', async (value) => {
      handled += 1;
      if (value === 1) throw new Reject('this meter was never installed');
    });
    await consumptions.publish('reject', 3);
    await until('all are settled', consumptions.settled('reject'));
    expect(handled).toBe(3);
    const [letter, ...others] = await consumptions.deadLetters('reject');
    expect(others).toEqual([]);
    expect(letter?.headers).toMatchObject({
      'lw-cause': 'rejected',
      'lw-attempts': '1',
      'lw-original-subject': 'test.meter.reject.read',
    });
    expect(decodeURIComponent(letter?.headers['lw-error'] ?? '')).toBe('this meter was never installed');
    expect(JSON.parse(Buffer.from(letter?.payload ?? []).toString())).toMatchObject({
      data: { meter: 'reject', value: 1 },
    });
  });

  test('a message that fails every time is a dead letter after its attempts, and its key goes on', async () => {
    const attempts: number[] = [];
    await consumptions.consume('exhaust', async (value) => {
      attempts.push(value);
      if (value === 0) throw new Error('always');
    });
    await consumptions.publish('exhaust', 2);
    await until('all are settled', consumptions.settled('exhaust'));
    expect(attempts).toEqual([0, 0, 0, 1]);
    const [letter] = await consumptions.deadLetters('exhaust');
    expect(letter?.headers).toMatchObject({ 'lw-cause': 'attempts-exhausted', 'lw-attempts': '3' });
  });

  test('Unavailable is no attempt: a message outlives more failures than it has attempts', async () => {
    let tries = 0;
    await consumptions.consume('away', async () => {
      tries += 1;
      if (tries <= 6) throw new Unavailable('the database is away');
    });
    await consumptions.publish('away', 1);
    await until('it is settled', consumptions.settled('away'));
    expect(tries).toBe(7);
    expect(await consumptions.deadLetters('away')).toEqual([]);
  });

  test('G5: what cannot be read is a dead letter with its own bytes, and the others flow', async () => {
    const seen: number[] = [];
    await consumptions.consume('junk', async (value) => void seen.push(value));
    await broker.plain.request('test.meter.junk.read', Uint8Array.of(0xff, 0x00, 0x0d, 0x0a));
    await broker.plain.request(
      'test.meter.junk.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":5}}',
    );
    await broker.plain.request(
      'test.meter.junk.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":"junk","value":9}}',
    );
    await until('all are settled', consumptions.settled('junk'));
    expect(seen).toEqual([9]);
    const letters = await consumptions.deadLetters('junk');
    expect(letters.map(({ headers }) => headers['lw-cause'])).toEqual(['not-json', 'invalid-data']);
    expect([...(letters[0]?.payload ?? [])]).toEqual([0xff, 0x00, 0x0d, 0x0a]);
  });

  test('a message from outside without our headers has its position for an id and a correlation', async () => {
    const ids: string[] = [];
    await consumptions.consume('foreign', async (_value, { id, correlationId }) => void ids.push(id, correlationId));
    await broker.plain.request(
      'test.meter.foreign.read',
      '{"version":1,"createdAt":"2026-01-01T00:00:00Z","data":{"meter":"x","value":1}}',
    );
    await until('it is settled', consumptions.settled('foreign'));
    expect(ids[0]).toMatch(/^events:\d+:\d+$/);
    expect(ids[1]).toBe(ids[0]);
  });

  test('G6: an expired message is never handled', async () => {
    let handled = 0;
    await consumptions.consume('expired', async () => void (handled += 1));
    const message = reading('expired', 1);
    const headers = { ...message.headers, 'ce-expirytime': new Date(Date.now() - 1_000).toISOString() };
    await backend.publisher.publish({ ...message, headers });
    await until('it is settled', consumptions.settled('expired'));
    expect(handled).toBe(0);
  });

  test('U2, U4: the server is killed while messages are handled; all are handled, none is stuck', async () => {
    const values = new Set<number>();
    const gate = Promise.withResolvers<void>();
    await consumptions.consume('restart', async (value) => {
      if (value === 0) await gate.promise;
      values.add(value);
    });
    await consumptions.publish('restart', 20);
    await until(
      'it is at work',
      async () => (await broker.manager.consumers.info('events', 'restart')).num_ack_pending > 0,
    );
    const restart = await broker.crash();
    gate.resolve();
    await restart();
    await until('the back-end is up again', () => backend.state().state === 'up');
    await consumptions.publish('restart', 25);
    await until('all are settled', consumptions.settled('restart'), 40_000);
    expect(values.size).toBe(25);
  });

  test('U2: a consumer that is deleted is reported, and used again once its owner has made it', async () => {
    const values: number[] = [];
    const consumption = await consumptions.consume('deleted', async (value) => void values.push(value));
    await until('it pulls', () => consumption.state().state === 'up');
    await broker.manager.consumers.delete('events', 'deleted');
    await until('that is reported', () => consumption.state().state === 'down');
    await broker.addConsumer('deleted', { filter: 'test.meter.deleted.read' });
    await consumptions.publish('deleted', 1);
    await until('it is used again', () => values.length === 1);
  });
});
