// What Prometheus reads after messages went out and came in, on a broker in memory and a virtual clock.
import { afterEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { startConsumption } from '../consume/consumption.ts';
import { deadLetterCauses } from '../consume/dead-letter.ts';
import type { Consumption, Handler } from '../consume/consumption-options.ts';
import { startBatchConsumption } from '../consume/batch-consumption.ts';
import { encodeMessage, type OutgoingMessage } from '../contract/encode.ts';
import { event } from '../contract/message-type.ts';
import { Reject } from '../errors.ts';
import { createMemoryBackend } from '../memory/memory-backend.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import { observeBackend } from '../observe/observe-backend.ts';
import { prometheusObserver } from './prometheus-observer.ts';

const Sample = event('Sample', {
  version: 1,
  subject: 'test.{id}.made',
  address: ({ id }) => ({ id }),
  key: ({ id }) => id,
  schema: z.object({ id: z.string() }),
  example: { id: 'a' },
  timeoutMs: 60_000,
});
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const source = { instance: 'test', replica: 'test-1' };
const random = (): number => 0.5;

const sample = (id: string, createdAt = new Date(0)): OutgoingMessage =>
  encodeMessage(Sample.of({ id }), { id, createdAt, source, cause: { correlationId: 'c' } });

function openStation() {
  const time = new VirtualTime(new Date(0));
  const registry = new Registry();
  const observer = prometheusObserver(registry, [Sample]);
  const memory = createMemoryBackend({ time });
  memory.addStream('events', ['test.>']);
  memory.addStream('dead-letter', ['dead-letter.>']);
  memory.addConsumer('events', 'group');
  const backend = observeBackend(memory, observer);
  return { time, registry, observer, backend };
}

const running: { consumption: { stop(how: { withinMs: number }): Promise<void> }; time: VirtualTime }[] = [];
afterEach(async () => {
  for (const { consumption, time } of running.splice(0)) {
    const stopped = consumption.stop({ withinMs: 1_000 });
    await time.advance(2_000);
    await stopped;
  }
});

function consume({ backend, observer, time }: ReturnType<typeof openStation>, handler: Handler): Consumption {
  const options = {
    stream: 'events',
    consumer: 'group',
    types: [Sample],
    handler,
    source,
    log,
    time,
    random,
    observer,
  };
  const consumption = startConsumption(backend, options);
  running.push({ consumption, time });
  return consumption;
}

/** The lines of a metric, without those of its buckets, its sums and its help. */
async function series(registry: Registry, name: string): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => !line.startsWith('#') && new RegExp(`^${name}(_count)?[{ ]`).test(line));
}

const ofGroup = 'messaging_stream="events",messaging_consumer_group_name="group"';
const template = 'messaging_destination_template="test.{id}.made"';
const processed = (rest: string, count: number): string =>
  `messaging_process_duration_seconds_count{messaging_system="nats",messaging_operation_name="process",${template},${ofGroup},${rest}} ${count}`;

describe('publishing', () => {
  test('messages of one type are one series, whatever their subjects', async () => {
    const { backend, registry } = openStation();
    for (const id of ['a', 'b', 'c']) await backend.publisher.publish(sample(id));
    const labels = `{messaging_system="nats",messaging_operation_name="publish",${template}}`;
    expect(await series(registry, 'messaging_client_sent_messages_total')).toEqual([
      `messaging_client_sent_messages_total${labels} 3`,
    ]);
    expect(await series(registry, 'messaging_client_operation_duration_seconds')).toEqual([
      `messaging_client_operation_duration_seconds_count${labels} 3`,
    ]);
  });

  test('a message that is not stored is counted with why, and its publish rejects as before', async () => {
    const { backend, registry } = openStation();
    const large = { ...sample('a'), payload: new Uint8Array(2_000_000) };
    await expect(backend.publisher.publish(large)).rejects.toMatchObject({ code: 'refused' });
    expect((await series(registry, 'messaging_client_sent_messages_total')).join()).toContain(
      'error_type="refused"} 1',
    );
  });

  test('a type that nobody knows is _OTHER: a stranger makes no series', async () => {
    const { backend, registry } = openStation();
    const message = sample('a');
    for (const name of ['x', 'y']) {
      const headers = { ...message.headers, 'ce-type': `made.up.${name}`, 'Nats-Msg-Id': name };
      await backend.publisher.publish({ ...message, subject: `test.${name}`, headers });
    }
    const found = await series(registry, 'messaging_client_sent_messages_total');
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('messaging_destination_template="_OTHER"} 2');
  });

  test('a publish that waits shows while it waits', async () => {
    const { backend, registry, time } = openStation();
    const waiting = backend.publisher.publish({ ...sample('a'), subject: 'elsewhere' }, { deadlineMs: 500 });
    expect(await series(registry, 'messaging_pending_publishes')).toEqual(['messaging_pending_publishes 1']);
    const failure = waiting.catch((error: unknown) => error);
    await time.advance(1_000);
    expect(await failure).toMatchObject({ code: 'unavailable' });
    expect(await series(registry, 'messaging_pending_publishes')).toEqual(['messaging_pending_publishes 0']);
  });
});

describe('consuming', () => {
  test('every outcome is told apart', async () => {
    const station = openStation();
    const failing = new Set(['fails']);
    consume(station, async ({ id }) => {
      if (failing.delete(id)) throw new TypeError('once');
      if (id === 'rejected') throw new Reject('never');
    });
    await station.time.advance(120_000);
    for (const id of ['fine', 'fails', 'rejected'])
      await station.backend.publisher.publish(sample(id, station.time.now()));
    await station.backend.publisher.publish(sample('late'));
    await station.time.advance(30_000);
    const found = await series(station.registry, 'messaging_process_duration_seconds');
    expect(found.toSorted()).toEqual(
      [
        processed('outcome="done"', 2),
        processed('outcome="expired"', 1),
        processed('outcome="retry",error_type="TypeError"', 1),
        processed('outcome="dead-letter",error_type="Reject"', 1),
      ].toSorted(),
    );
    const consumed = await series(station.registry, 'messaging_client_consumed_messages_total');
    expect(consumed).toEqual([
      `messaging_client_consumed_messages_total{messaging_system="nats",messaging_operation_name="receive",${template},${ofGroup}} 4`,
    ]);
  });

  test('dead letters are counted by cause, and each cause is there before its first one', async () => {
    const station = openStation();
    consume(station, async () => undefined);
    const before = await series(station.registry, 'messaging_dead_letters_total');
    expect(before).toHaveLength(deadLetterCauses.length);
    expect(before.every((line) => line.endsWith(' 0'))).toBe(true);
    await station.backend.publisher.publish({ ...sample('a'), payload: new TextEncoder().encode('{') });
    await station.time.advance(1_000);
    expect(await series(station.registry, 'messaging_dead_letters_total')).toContain(
      `messaging_dead_letters_total{${ofGroup},cause="not-json"} 1`,
    );
    const sent = await series(station.registry, 'messaging_client_sent_messages_total');
    expect(sent.join()).toContain('messaging_destination_template="dead-letter.{stream}.{group}"');
  });

  test('a key that waits for its failing message shows, and so does what is in hand', async () => {
    const station = openStation();
    let isBroken = true;
    consume(station, async () => {
      if (isBroken) throw new Error('not yet');
    });
    await station.backend.publisher.publish(sample('a'));
    await station.time.advance(10);
    const values = async (): Promise<string[]> => [
      ...(await series(station.registry, 'messaging_held_messages')),
      ...(await series(station.registry, 'messaging_paused_keys')),
    ];
    expect(await values()).toEqual([`messaging_held_messages{${ofGroup}} 1`, `messaging_paused_keys{${ofGroup}} 1`]);
    isBroken = false;
    await station.time.advance(30_000);
    expect(await values()).toEqual([`messaging_held_messages{${ofGroup}} 0`, `messaging_paused_keys{${ofGroup}} 0`]);
  });

  test('a consumption that is started again takes the place of the one before', async () => {
    const registry = new Registry();
    const observer = prometheusObserver(registry, []);
    const group = { stream: 'events', consumer: 'group' };
    observer.watchGroup(group, () => ({ messages: 1, pausedKeys: 1 }));
    observer.watchGroup(group, () => ({ messages: 2, pausedKeys: 0 }));
    expect(await series(registry, 'messaging_held_messages')).toEqual([`messaging_held_messages{${ofGroup}} 2`]);
  });

  test('a message that arrives again is counted as such, and its lag only once', async () => {
    const station = openStation();
    await station.backend.publisher.publish(sample('a'));
    let deliveries = 0;
    const pull = station.backend.consumers.pull('events', 'group', {
      prefetch: 1,
      onDelivery: (delivery) => (++deliveries === 1 ? delivery.giveBack(0) : delivery.acknowledge()),
      onState: () => undefined,
    });
    await station.time.advance(1_000);
    await pull.stop();
    expect(deliveries).toBe(2);
    expect(await series(station.registry, 'messaging_redelivered_messages_total')).toEqual([
      `messaging_redelivered_messages_total{${ofGroup}} 1`,
    ]);
    expect(await series(station.registry, 'messaging_consumer_lag_seconds')).toEqual([
      `messaging_consumer_lag_seconds_count{${ofGroup}} 1`,
    ]);
  });

  test('a batch is one operation, without a template, and its messages are counted each', async () => {
    const station = openStation();
    const { backend, observer, time } = station;
    let isBroken = true;
    const handler = async (): Promise<void> => {
      if (isBroken) throw new RangeError('not yet');
    };
    for (const id of ['a', 'b', 'c']) await backend.publisher.publish(sample(id));
    const options = { stream: 'events', consumer: 'group', handler, log, time, random, observer };
    running.push({ consumption: startBatchConsumption(backend, options), time });
    await time.advance(10);
    isBroken = false;
    await time.advance(1_000);
    const found = (await series(station.registry, 'messaging_process_duration_seconds')).join('\n');
    expect(found).toContain('outcome="retry",error_type="RangeError"}');
    expect(found).toContain('outcome="done"}');
    expect(found).not.toContain('messaging_destination_template');
    expect((await series(station.registry, 'messaging_client_consumed_messages_total')).join()).toMatch(/ 3$/);
  });
});

describe('the outbox', () => {
  test('has its depth and age while Postgres answers, and none when it does not', async () => {
    const registry = new Registry();
    const observer = prometheusObserver(registry, []);
    let backlog: { rows: number; oldestAgeSeconds: number } | null = { rows: 3, oldestAgeSeconds: 1.5 };
    observer.watchOutbox(async () => backlog);
    observer.relayed(7);
    expect(await series(registry, 'messaging_outbox_rows')).toEqual(['messaging_outbox_rows 3']);
    const age = 'messaging_outbox_oldest_age_seconds';
    expect(await series(registry, age)).toEqual([`${age} 1.5`]);
    expect(await series(registry, 'messaging_outbox_relayed_rows_total')).toEqual([
      'messaging_outbox_relayed_rows_total 7',
    ]);
    backlog = null;
    expect(await series(registry, 'messaging_outbox_rows')).toEqual([]);
    expect(await series(registry, age)).toEqual([]);
  });
});
