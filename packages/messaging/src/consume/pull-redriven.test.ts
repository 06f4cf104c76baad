// What is redriven while the message that failed is still in hand, on a clock of the test's own.
import { expect, test } from '@jest/globals';
import { listDeadLetters } from '../dead-letters/list-dead-letters.ts';
import { redriveConsumer, redriveFilter } from '../dead-letters/redrive-names.ts';
import { redrive } from '../dead-letters/redrive.ts';
import { Reject } from '../errors.ts';
import { createMemoryBackend } from '../memory/memory-backend.ts';
import { VirtualTime } from '../memory/virtual-time.ts';
import { Reading, reading, suiteSource } from '../testing/reading.ts';
import { startConsumption } from './consumption.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const who = { by: 'user:ada', at: new Date(0) };

test('G8, Y5: what is redriven before its group knows that the dead letter is stored is handled nevertheless', async () => {
  const time = new VirtualTime();
  const backend = createMemoryBackend({ time });
  backend.addStream('events', ['conformance.>']);
  backend.addStream('dead-letter', ['dead-letter.>']);
  backend.addConsumer('events', 'group');
  backend.addConsumer('dead-letter', redriveConsumer('events', 'group'), {
    filters: [redriveFilter('events', 'group')],
  });
  const answered = Promise.withResolvers<void>();
  const publisher = {
    ...backend.publisher,
    publish: async (...asked: Parameters<typeof backend.publisher.publish>) => {
      const stored = await backend.publisher.publish(...asked);
      await answered.promise; // the broker has it, and its answer is on its way
      return stored;
    },
  };
  let handled = 0;
  const consumption = startConsumption(
    { ...backend, publisher },
    {
      stream: 'events',
      consumer: 'group',
      types: [Reading],
      handler: async () => {
        handled += 1;
        if (handled === 1) throw new Reject('not yet');
      },
      source: suiteSource,
      log: quiet,
      time,
      random: () => 0.5,
      redrives: true,
    },
  );
  await backend.publisher.publish(reading('m', 1));
  await time.advance(10);
  const { letters } = await listDeadLetters(backend.reader, {}, new AbortController().signal);
  for (const letter of letters) await redrive(backend, letter, who);
  await time.advance(10);
  answered.resolve();
  await time.advance(1_000);
  expect({ letters: letters.length, handled }).toEqual({ letters: 1, handled: 2 });
  const stopped = consumption.stop({ withinMs: 0 });
  await time.advance(1_000);
  await stopped;
  expect(time.waiting).toBe(0);
});
