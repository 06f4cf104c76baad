// T42: a fan-out to many does not stop the process. What it is measured by is how long nothing else can happen.
import { expect, test } from '@jest/globals';
import { Turns, type Task } from './turns.ts';

/** Takes `steps` of a tenth of a millisecond each, as long as it may. */
class LongTask implements Task {
  readonly done = Promise.withResolvers<void>();
  left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  run(until: number): boolean {
    while (this.left > 0 && performance.now() < until) {
      const end = performance.now() + 0.1;
      while (performance.now() < end);
      this.left -= 1;
    }
    if (this.left === 0) this.done.resolve();
    return this.left > 0;
  }
}

test('a long task is done in slices, between which everything else has its turn, and others are not kept waiting', async () => {
  const turns = new Turns();
  const [long, short] = [new LongTask(2_000), new LongTask(5)];
  let turnsOfOthers = 0;
  let isDone = false;
  const countTurn = (): void => {
    turnsOfOthers += 1;
    if (!isDone) setImmediate(countTurn);
  };
  setImmediate(countTurn);
  turns.add(long);
  turns.add(short);
  await short.done.promise;
  expect(long.left).toBeGreaterThan(1_500);
  await long.done.promise;
  isDone = true;
  // 200 ms of work in slices of 2 ms.
  expect(turnsOfOthers).toBeGreaterThan(50);
  turns.stop();
});

test('a task is run once, however often it is added, and not at all when it is taken out before', async () => {
  const turns = new Turns();
  let runs = 0;
  const task: Task = { run: () => (runs += 1) < 0 };
  const other = new LongTask(1);
  const removed: Task = { run: () => ((runs += 100), false) };
  for (let count = 0; count < 5; count += 1) turns.add(task);
  turns.add(removed);
  turns.add(other);
  turns.remove(removed);
  await other.done.promise;
  expect(runs).toBe(1);
  turns.stop();
});
