// Consumptions of readings, as the tests of consuming want them: a group for each test, and ways to see what became of it.
import { quietLog } from '@longwave/embedded/testing';
import { startConsumption, systemTime, type Backend, type Consumption, type Handler } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import type { Broker } from './broker.ts';
import { Reading, reading, testSource } from './reading.ts';

type ReadingHandler = (value: number, ...rest: Parameters<Handler>) => Promise<void>;

export type Consumptions = {
  /** A group of its own, which sees only the meter of that name unless it has a filter. */
  consume(
    name: string,
    handler: ReadingHandler,
    options?: { readonly concurrency?: number; readonly ackWaitMs?: number; readonly filter?: string },
  ): Promise<Consumption>;
  /** Another replica of a group. */
  bind(name: string, handler: ReadingHandler, concurrency?: number, from?: Backend): Consumption;
  stopAtTheEnd(consumption: Consumption): void;
  /** Readings 0, 1, 2… of a meter. */
  publish(meter: string, count: number): Promise<unknown>;
  /** Whether a group has nothing to do and nothing in hand. */
  settled(consumer: string): () => Promise<boolean>;
  deadLetters(group: string): Promise<StoredMessage[]>;
  stop(): Promise<void>;
};

export function createConsumptions(broker: Broker, backend: Backend): Consumptions {
  const running: Consumption[] = [];
  const bind: Consumptions['bind'] = (name, handler, concurrency = 16, from = backend) => {
    const consumption = startConsumption(from, {
      stream: 'events',
      consumer: name,
      types: [Reading],
      handler: (message, context) => handler(Reading.decode(message.data).data?.value ?? -1, message, context),
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: () => 0.5,
      concurrency,
      retry: { attemptsMax: 3, delayMsMin: 20, delayMsMax: 100 },
    });
    running.push(consumption);
    return consumption;
  };
  return {
    bind,
    consume: async (name, handler, { concurrency, filter = `test.meter.${name}.read`, ackWaitMs = 30_000 } = {}) => {
      await broker.addConsumer(name, { filter, ackWaitMs });
      return bind(name, handler, concurrency);
    },
    stopAtTheEnd: (consumption) => void running.push(consumption),
    publish: (meter, count) =>
      Promise.all(Array.from({ length: count }, (_, value) => backend.publisher.publish(reading(meter, value)))),
    settled: (consumer) => async () => {
      const info = await broker.manager.consumers.info('events', consumer);
      // A consumer hears of a message a moment after its publisher does: zero pending may be the zero of before.
      const filter = info.config.filter_subject ?? '>';
      const last = await broker.manager.streams.getMessage('events', { last_by_subj: filter });
      return info.num_pending === 0 && info.num_ack_pending === 0 && info.ack_floor.stream_seq >= (last?.seq ?? 0);
    },
    deadLetters: async (group) =>
      (await broker.contents('dead-letter')).filter(({ subject }) => subject === `dead-letter.events.${group}`),
    stop: async () => {
      await Promise.all(running.map((consumption) => consumption.stop({ withinMs: 1_000 })));
    },
  };
}
