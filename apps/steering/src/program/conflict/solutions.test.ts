// Every kind of overlap with every solution, through both steps.
import { describe, expect, test } from '@jest/globals';
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import { solutions, type Solution } from './overlap.ts';
import { planSchedule, type ScheduleOutcome } from './plan-schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = Date.UTC(2026, 10, 24);
const THEIRS = 7;

type Hours = readonly [number, number];

/** Where the projected and the existing timeslots lie, and what each allowed solution makes of both. */
const overlaps: readonly (readonly [string, Hours, Hours, Partial<Record<Solution, string>>])[] = [
  [
    'before',
    [9, 11],
    [10, 12],
    { theirs: '| 10-12', ours: '9-11 |', 'theirs-end': '9-10 | 10-12', 'ours-end': '9-11 | 11-12' },
  ],
  [
    'after',
    [11, 13],
    [10, 12],
    { theirs: '| 10-12', ours: '11-13 |', 'theirs-start': '12-13 | 10-12', 'ours-start': '11-13 | 10-11' },
  ],
  [
    'around',
    [9, 13],
    [10, 12],
    {
      theirs: '| 10-12',
      ours: '9-13 |',
      'theirs-end': '9-10 | 10-12',
      'theirs-start': '12-13 | 10-12',
      'theirs-both': '9-10 12-13 | 10-12',
    },
  ],
  [
    'around, with one start',
    [10, 13],
    [10, 12],
    { theirs: '| 10-12', ours: '10-13 |', 'theirs-start': '12-13 | 10-12' },
  ],
  ['around, with one end', [9, 12], [10, 12], { theirs: '| 10-12', ours: '9-12 |', 'theirs-end': '9-10 | 10-12' }],
  [
    'inside',
    [10, 12],
    [9, 13],
    {
      theirs: '| 9-13',
      ours: '10-12 |',
      'ours-start': '10-12 | 9-10',
      'ours-end': '10-12 | 12-13',
      'ours-both': '10-12 | 9-10 12-13',
    },
  ],
  ['inside, with one start', [9, 12], [9, 13], { theirs: '| 9-13', ours: '9-12 |', 'ours-end': '9-12 | 12-13' }],
  ['inside, with one end', [10, 13], [9, 13], { theirs: '| 9-13', ours: '10-13 |', 'ours-start': '10-13 | 9-10' }],
  ['the same', [10, 12], [10, 12], { theirs: '| 10-12', ours: '10-12 |' }],
];

const once: SchedulePlan = {
  rrule: { freq: 'once', interval: 1, bySetPos: null, byWeekdays: 'all' },
  firstDate: '2026-11-24',
  lastDate: null,
  startTime: '00:00:00',
  endTime: '01:00:00',
  repetitionOfId: null,
  addDaysNo: 0,
  addBusinessDaysOnly: false,
};

function timeslot(id: number, [from, until]: Hours): Timeslot {
  return {
    id,
    scheduleId: 2,
    startMs: DAY_MS + from * HOUR_MS,
    endMs: DAY_MS + until * HOUR_MS,
    episodeId: 5,
    mediaId: 6,
    memo: 'live',
    repetitionOfId: null,
  };
}

function plan([from, until]: Hours, existing: readonly Timeslot[], given: Record<string, Solution>): ScheduleOutcome {
  const time = (hour: number): string => `${String(hour).padStart(2, '0')}:00:00`;
  return planSchedule({
    zone: 'UTC',
    nowMs: DAY_MS,
    plan: { ...once, startTime: time(from), endTime: time(until) },
    current: null,
    timeslots: existing,
    originals: [],
    solutions: given,
  });
}

/** The projected timeslots that are created, and what is left of the existing ones: `9-10 | 11-12`. */
function result(existing: readonly Timeslot[], { creates, moves, deletes }: TimeslotChanges): string {
  const ours = creates.filter(({ scheduleId }) => scheduleId === null);
  const theirs = [
    ...existing
      .filter(({ id }) => !deletes.includes(id))
      .map((old) => ({ ...old, ...moves.find((move) => move.id === old.id) })),
    ...creates.filter(({ scheduleId }) => scheduleId !== null),
  ];
  const spans = (of: readonly { readonly startMs: number; readonly endMs: number }[]): string =>
    of.map(({ startMs, endMs }) => `${(startMs - DAY_MS) / HOUR_MS}-${(endMs - DAY_MS) / HOUR_MS}`).join(' ');
  return `${spans(ours)} | ${spans(theirs)}`.trim();
}

function firstStep(projected: Hours, existing: readonly Timeslot[]): Extract<ScheduleOutcome, { outcome: 'conflict' }> {
  const outcome = plan(projected, existing, {});
  if (outcome.outcome !== 'conflict') throw new Error('There is no conflict.');
  return outcome;
}

describe.each(overlaps)('projected %s', (_, projected, existingHours, expected) => {
  const existing = [timeslot(THEIRS, existingHours)];
  const [collided] = firstStep(projected, existing).projected;
  const hash = collided?.hash ?? '';

  test('N2 the first step shows the collision and what is allowed, and plans nothing', () => {
    expect(collided).toEqual({
      hash,
      startMs: DAY_MS + projected[0] * HOUR_MS,
      endMs: DAY_MS + projected[1] * HOUR_MS,
      collisions: existing,
      solutionChoices: expect.anything(),
      error: 'no-solution',
    });
    expect(collided?.solutionChoices.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  test.each(solutions)('N1 %s', (solution) => {
    const outcome = plan(projected, existing, { [hash]: solution });
    expect(outcome.outcome === 'planned' ? result(existing, outcome.changes) : outcome.projected[0]?.error).toBe(
      expected[solution] ?? 'solution-not-allowed',
    );
  });
});

test.each([
  ['before', [8, 10]],
  ['after', [12, 13]],
] as const)('what only touches, %s, does not collide', (_, projected) => {
  const existing = [timeslot(THEIRS, [10, 12])];
  const outcome = plan(projected, existing, {});
  expect(outcome.outcome === 'planned' && result(existing, outcome.changes)).toBe(`${projected.join('-')} | 10-12`);
});

test('N1 with several collisions the projected one gives way, or all of them', () => {
  const existing = [timeslot(7, [8, 10]), timeslot(8, [10, 11]), timeslot(9, [12, 14])];
  const [collided] = firstStep([9, 13], existing).projected;
  expect(collided?.collisions).toEqual(existing);
  expect(collided?.solutionChoices).toEqual(['theirs', 'ours']);
  const results = (['theirs', 'ours', 'theirs-both', 'ours-end'] as const).map((solution) => {
    const outcome = plan([9, 13], existing, { [collided?.hash ?? '']: solution });
    return outcome.outcome === 'planned' ? result(existing, outcome.changes) : outcome.projected[0]?.error;
  });
  expect(results).toEqual(['| 8-10 10-11 12-14', '9-13 |', 'solution-not-allowed', 'solution-not-allowed']);
});

test('what is split goes on as it was: same schedule, media, episode and memo', () => {
  const existing = [timeslot(THEIRS, [9, 13])];
  const [collided] = firstStep([10, 12], existing).projected;
  const outcome = plan([10, 12], existing, { [collided?.hash ?? '']: 'ours-both' });
  const { id: _, ...content } = timeslot(THEIRS, [12, 13]);
  expect(outcome.outcome === 'planned' && outcome.changes).toEqual({
    moves: [{ id: THEIRS, startMs: DAY_MS + 9 * HOUR_MS, endMs: DAY_MS + 10 * HOUR_MS }],
    creates: [
      content,
      {
        scheduleId: null,
        startMs: DAY_MS + 10 * HOUR_MS,
        endMs: DAY_MS + 12 * HOUR_MS,
        episodeId: null,
        mediaId: null,
        memo: '',
        repetitionOfId: null,
      },
    ],
    deletes: [],
  });
});
