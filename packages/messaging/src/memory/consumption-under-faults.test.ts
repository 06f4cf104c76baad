// A consumer on the worst of days, a thousand times over: duplicates, delays, lost acknowledgements, a handler that fails
// now and then, on a clock that passes an hour in a moment. The seed of a failure is in its message.
import { expect, test } from '@jest/globals';
import { DAYS_TIMEOUT_MS, everyDay } from '../../test/support/every-day.ts';
import { z } from 'zod';
import { startConsumption } from '../consume/consumption.ts';
import { encodeMessage } from '../contract/encode.ts';
import { event } from '../contract/message-type.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { seededFaults, seededRandom } from './faults.ts';
import { VirtualTime } from './virtual-time.ts';

const Counted = event('Counted', {
  version: 1,
  subject: 'test.counter.{name}.counted',
  address: ({ name }) => ({ name }),
  key: ({ name }) => `counter/${name}`,
  schema: z.object({ name: z.string(), value: z.int() }),
  example: { name: 'a', value: 1 },
});

const source = { instance: 'test', replica: 'test-1' };
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const MESSAGES = 200;
const COUNTERS = 7;
const HOUR_MS = 3_600_000;

test(
  'G1, G2, G8, W3: every message takes effect, and the first effects of each key are in order',
  () => everyDay(oneDay),
  DAYS_TIMEOUT_MS,
);

async function oneDay(seed: number): Promise<void> {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  // No `reorder`, no `delay`: JetStream delivers in order; what is out of order there is what is delivered again.
  const faults = seededFaults(seed, { duplicate: 0.1, dropAcknowledgement: 0.1 });
  const backend = createMemoryBackend({ time, faults });
  backend.addStream('events', ['test.>']);
  backend.addStream('dead-letter', ['dead-letter.>']);
  const consumer = backend.addConsumer('events', 'group', { ackWaitMs: 10_000 });
  const applied = new Map<string, number[]>();
  const consumption = startConsumption(backend, {
    stream: 'events',
    consumer: 'group',
    types: [Counted],
    source,
    time,
    random,
    log: quiet,
    handler: async ({ data, key }) => {
      if (random() < 0.1) throw new Error('one of those days');
      const { value } = Counted.decode(data).data ?? { value: -1 };
      const values = applied.get(key) ?? [];
      // What an inbox does: an effect that is known is not made again.
      if (!values.includes(value)) applied.set(key, [...values, value]);
    },
  });
  for (let index = 0; index < MESSAGES; index += 1) {
    const draft = Counted.of({ name: `c${index % COUNTERS}`, value: Math.floor(index / COUNTERS) });
    const context = { id: `m${index}`, createdAt: time.now(), source, cause: { correlationId: 'c' } };
    await backend.publisher.publish(encodeMessage(draft, context));
  }
  await time.advance(HOUR_MS);
  const inOrder = [...applied.values()].every((values) => values.every((value, index) => value === index));
  const count = [...applied.values()].flat().length;
  expect({ seed, count, inOrder, isDone: consumer.isDone }).toEqual({
    seed,
    count: MESSAGES,
    inOrder: true,
    isDone: true,
  });
  const stopped = consumption.stop({ withinMs: 1_000 });
  await time.advance(HOUR_MS);
  await stopped;
  expect(time.waiting).toBe(0);
}
