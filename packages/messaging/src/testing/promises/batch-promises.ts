// What consuming in batches promises on any back-end: everything is handed over, and nothing settled before it is stored.
import assert from 'node:assert/strict';
import { startBatchConsumption, type BatchConsumption } from '../../consume/batch-consumption.ts';
import type { StoredMessage } from '../../contract/decode.ts';
import type { Backend } from '../../ports.ts';
import { promise } from '../backend-promise.ts';
import { subjectOf } from '../reading.ts';
import { silent, STREAM, type Stage } from '../stage.ts';

const consumeBatches = (
  stage: Stage,
  backend: Backend,
  handler: (messages: readonly StoredMessage[]) => Promise<void>,
): BatchConsumption =>
  startBatchConsumption(backend, {
    stream: STREAM,
    consumer: 'a',
    handler,
    log: silent,
    time: stage.broker.time,
    random: () => 0.5,
    batchMax: 3,
  });

const positionsOf = (messages: readonly StoredMessage[]): number[] => messages.map(({ sequence }) => sequence);

export const batchPromises = [
  promise(
    'H1–H3: a batch that fails is handed over again, the same in the same order, and then settled',
    async (stage) => {
      await stage.addConsumer('a', { ackWaitMs: 1_000 });
      await stage.publish('a', 7);
      await stage.publishRaw(subjectOf('a'), 'unreadable');
      const batches: number[][] = [];
      const consumption = consumeBatches(stage, stage.backend, async (messages) => {
        batches.push(positionsOf(messages));
        if (batches.length <= 2) throw new Error('not yet');
      });
      await stage.until('all are handed over', () => batches.slice(2).flat().length === 8);
      assert.deepEqual(batches[1], batches[0]);
      assert.deepEqual(batches[2], batches[0]);
      assert.deepEqual(batches.slice(2).flat(), [1, 2, 3, 4, 5, 6, 7, 8]);
      await stage.during(consumption.stop());
      const { deliveries } = stage.pull('a', { from: stage.connect() });
      await stage.broker.pass(1_500);
      assert.deepEqual(deliveries, []);
    },
  ),

  promise(
    'H3, H4: what is not recorded when it is stopped is given back at once, and nothing of it is lost',
    async (stage) => {
      await stage.addConsumer('a');
      await stage.publish('a', 5);
      let started = 0;
      const consumption = consumeBatches(stage, stage.backend, async () => {
        started += 1;
        throw new Error('the disk is full');
      });
      await stage.until('it has been tried', () => started > 0);
      await stage.during(consumption.stop({ withinMs: 500 }));
      const recorded: number[] = [];
      const second = consumeBatches(stage, stage.connect(), async (messages) => {
        recorded.push(...positionsOf(messages));
      });
      await stage.until('another has recorded all', () => recorded.length === 5);
      await stage.during(second.stop());
      assert.deepEqual(
        recorded.toSorted((a, b) => a - b),
        [1, 2, 3, 4, 5],
      );
    },
  ),
];
