// R7 and G13 with processes that really die: what a message that aborts its process costs the others, and what not.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBroker, type Broker } from './support/broker.ts';
import { createConsumptions, type Consumptions } from './support/consumptions.ts';
import { KILLER_VALUE, Reading, reading } from './support/reading.ts';
import { startReplica, type ReplicaProcess } from './support/replica-process.ts';
import { until } from './support/until.ts';

const RESTARTS = 20;
const MESSAGES = 400;
/** With four messages in hand for each handler: a hundred. */
const CONCURRENCY = '25';

describe('a message that kills its process every time', () => {
  let broker: Broker;
  let consumptions: Consumptions;
  beforeAll(async () => {
    broker = await startBroker();
    consumptions = createConsumptions(broker, broker.backend());
  });
  afterAll(() => broker.close());

  test('G13: with a hundred in hand and twenty rolling restarts there is one dead letter, and all others are handled', async () => {
    const { host, port } = broker.server();
    await broker.addConsumer('killed', { ackWaitMs: 1_000 });
    const all: ReplicaProcess[] = [];
    const start = (): ReplicaProcess => {
      const replica = startReplica('consuming-replica.ts', [host, String(port), 'killed', CONCURRENCY]);
      all.push(replica);
      return replica;
    };
    const replicas = [start(), start()];
    const { publisher } = broker.backend();
    const publish = (value: number) => publisher.publish(reading(`m${value % 40}`, value));
    try {
      await Promise.all(Array.from({ length: MESSAGES / 2 }, (_, value) => publish(value)));
      await publish(KILLER_VALUE);
      for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
        const index = restarts % 2;
        await replicas[index]?.send('SIGTERM');
        const next = start();
        replicas[index] = next;
        await until('it consumes, or has died again', () => next.lines.includes('pulling') || next.hasEnded());
        const from = MESSAGES / 2 + (restarts * MESSAGES) / 2 / RESTARTS;
        for (let value = from; value < from + MESSAGES / 2 / RESTARTS; value += 1) await publish(value);
      }
      await until(
        'all is settled',
        async () => {
          for (const [index, replica] of replicas.entries()) if (replica.hasEnded()) replicas[index] = start();
          return consumptions.settled('killed')();
        },
        60_000,
      );
    } finally {
      await Promise.all(all.map((replica) => replica.send('SIGKILL')));
    }
    const letters = await consumptions.deadLetters('killed');
    expect(letters.map(({ headers }) => [headers['lw-cause'], headers['lw-attempts']])).toEqual([['crashed', '3']]);
    const { data } = JSON.parse(new TextDecoder().decode(letters[0]?.payload));
    expect(Reading.decode(data).data).toEqual({ meter: `m${KILLER_VALUE % 40}`, value: KILLER_VALUE });
    const handled = new Set(all.flatMap(({ lines }) => lines).filter((line) => line !== 'pulling'));
    expect(handled.size).toBe(MESSAGES);
    expect(handled.has(String(KILLER_VALUE))).toBe(false);
    // Once with the others, if no restart came first, and three times alone.
    expect([3, 4]).toContain(all.filter((replica) => replica.endedBy() === 'SIGABRT').length);
  });
});
