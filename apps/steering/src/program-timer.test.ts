// The loop of the timer, with a clock of the test. The row that replicas share is imitated by a variable: what Postgres
// adds (one of several wins) is in test/program-timer.int.test.ts.
import { afterEach, expect, test } from '@jest/globals';
import { VirtualTime } from '@longwave/messaging/memory';
import { startProgramTimer, type ProgramTimer } from './program-timer.ts';

const time = new VirtualTime(new Date('2026-11-21T12:00:00Z'));
const timers: ProgramTimer[] = [];
afterEach(async () => {
  await Promise.all(timers.splice(0).map((timer) => timer.stop()));
  expect(time.waiting).toBe(0);
});

const inMs = (ms: number): Date => new Date(time.now().getTime() + ms);

/** A boundary that is told moves to `next`, as long as there is one. */
function startTimer(
  row: { due: Date | null; next: Date[] },
  findDue: () => Promise<Date | null> = async () => row.due,
) {
  const told: Date[] = [];
  const warnings: string[] = [];
  let nudges = 0;
  const ignore = (): void => undefined;
  const timer = startProgramTimer({
    findDue,
    tick: async () => {
      told.push(time.now());
      row.due = row.next.shift() ?? row.due;
    },
    newCause: () => ({ correlationId: 'tick' }),
    nudge: () => {
      nudges += 1;
    },
    now: () => time.now(),
    time,
    log: {
      debug: ignore,
      info: ignore,
      warn: (_facts: unknown, text: string) => void warnings.push(text),
      error: ignore,
    },
  });
  timers.push(timer);
  return { told, warnings, nudges: () => nudges };
}

test('what is due is told at its instant, and what follows at once is told at once', async () => {
  const first = inMs(1_234);
  const { told } = startTimer({ due: first, next: [first, inMs(60_000)] });
  await time.advance(1_233);
  expect(told).toEqual([]);
  await time.advance(1);
  expect(told).toEqual([first, first]);
});

test('B4: a boundary that somebody has brought nearer is told in time, and one that was put off is not told early', async () => {
  const row = { due: inMs(60_000), next: [] as Date[] };
  const { told } = startTimer(row);
  await time.advance(1_000);
  const nearer = inMs(300);
  row.due = nearer;
  row.next.push(inMs(60_000));
  await time.advance(300);
  expect(told).toEqual([nearer]);
  row.due = inMs(120_000);
  await time.advance(60_000);
  expect(told).toHaveLength(1);
});

test('what another replica has told is sent by this one, too, in case that one died with it', async () => {
  const row = { due: inMs(10_000), next: [] };
  const { nudges } = startTimer(row);
  await time.advance(1_000);
  expect(nudges()).toBe(0);
  row.due = inMs(20_000);
  await time.advance(250);
  expect(nudges()).toBe(1);
});

test('B5: a database that is away is complained of once, and what fell due meanwhile is told when it is back', async () => {
  const row = { due: inMs(1_000), next: [inMs(3_600_000)] };
  let isAway = true;
  const { told, warnings } = startTimer(row, async () => {
    if (isAway) throw new Error('away');
    return row.due;
  });
  await time.advance(60_000);
  expect([told.length, warnings.length]).toEqual([0, 1]);
  isAway = false;
  await time.advance(250);
  expect(told).toHaveLength(1);
});

test('where nobody has said what is due it asks, and does not hurry', async () => {
  const { told } = startTimer({ due: null, next: [] });
  await time.advance(1_000);
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(6);
});
