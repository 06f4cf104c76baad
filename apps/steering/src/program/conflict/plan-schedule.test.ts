import { expect, test } from '@jest/globals';
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import { instantOf } from '../time/local-time.ts';
import type { Solution } from './overlap.ts';
import { planSchedule, type ScheduleOutcome, type ScheduleRequest } from './plan-schedule.ts';

const ZONE = 'Europe/Vienna';
const NOW_MS = instantOf(ZONE, '2026-11-21', '12:00:00');

const weekly: SchedulePlan = {
  rrule: { freq: 'weekly', interval: 1, bySetPos: null, byWeekdays: 'all' },
  firstDate: '2026-11-24',
  lastDate: '2026-12-08',
  startTime: '20:00:00',
  endTime: '21:00:00',
  repetitionOfId: null,
  addDaysNo: 0,
  addBusinessDaysOnly: false,
};

function timeslot(id: number, date: string, start: string, end: string, rest: Partial<Timeslot> = {}): Timeslot {
  const [startMs, endMs] = [instantOf(ZONE, date, `${start}:00`), instantOf(ZONE, date, `${end}:00`)];
  return { id, scheduleId: 2, startMs, endMs, episodeId: null, mediaId: null, memo: '', repetitionOfId: null, ...rest };
}

function request(rest: Partial<ScheduleRequest>): ScheduleRequest {
  return {
    zone: ZONE,
    nowMs: NOW_MS,
    plan: weekly,
    current: null,
    timeslots: [],
    originals: [],
    solutions: {},
    ...rest,
  };
}

/** What an outcome does, in the station's time: `+ 2026-11-24 20:00-21:00`, `7 > …` for a move, `- 7`. */
function told(outcome: ScheduleOutcome): readonly string[] {
  if (outcome.outcome === 'conflict') return ['conflict'];
  const span = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }): string => {
    const [start = '', end = ''] = [startMs, endMs].map((instant) =>
      new Date(instant).toLocaleString('sv', { timeZone: ZONE }),
    );
    return `${start.slice(0, 16)}-${end.slice(11, 16)}`;
  };
  return [
    ...outcome.changes.deletes.map((id) => `- ${id}`),
    ...outcome.changes.moves.map((move) => `${move.id} > ${span(move)}`),
    ...outcome.changes.creates.map(
      (created) => `+ ${span(created)}${created.repetitionOfId === null ? '' : ` of ${created.repetitionOfId}`}`,
    ),
  ];
}

function hashesOf(outcome: ScheduleOutcome): readonly string[] {
  return outcome.outcome === 'conflict'
    ? outcome.projected.filter(({ collisions }) => collisions.length > 0).map(({ hash }) => hash)
    : [];
}

function solved(hashes: readonly string[], ...choices: readonly Solution[]): Record<string, Solution> {
  return Object.fromEntries(hashes.map((hash, index) => [hash, choices[index] ?? 'theirs']));
}

test('a new schedule has a timeslot for each date of its rule', () => {
  expect(told(planSchedule(request({})))).toEqual([
    '+ 2026-11-24 20:00-21:00',
    '+ 2026-12-01 20:00-21:00',
    '+ 2026-12-08 20:00-21:00',
  ]);
});

test('N7 without a last date it is planned a year ahead', () => {
  const outcome = planSchedule(request({ plan: { ...weekly, lastDate: null } }));
  expect(told(outcome)).toHaveLength(52);
  expect(told(outcome).at(-1)).toBe('+ 2027-11-16 20:00-21:00');
  expect(outcome.outcome === 'planned' && outcome.plannedUntil).toBe('2027-11-21');
});

test('N5 what is over is not planned any more; what is on the air is', () => {
  const plan = { ...weekly, firstDate: '2026-11-07', lastDate: '2026-11-28' };
  expect(told(planSchedule(request({ plan: { ...plan, startTime: '11:00:00', endTime: '12:00:00' } })))).toEqual([
    '+ 2026-11-28 11:00-12:00',
  ]);
  expect(told(planSchedule(request({ plan: { ...plan, startTime: '11:00:00', endTime: '12:01:00' } })))).toEqual([
    '+ 2026-11-21 11:00-12:01',
    '+ 2026-11-28 11:00-12:01',
  ]);
});

const second = timeslot(7, '2026-12-01', '20:30', '21:30');
const third = timeslot(8, '2026-12-08', '19:00', '23:00');

test('N2 the first step shows all projected timeslots, those without a collision, too', () => {
  const outcome = planSchedule(request({ timeslots: [second, third] }));
  expect(
    outcome.outcome === 'conflict' &&
      outcome.projected.map(({ collisions, solutionChoices, error }) => [
        collisions.map(({ id }) => id),
        solutionChoices,
        error,
      ]),
  ).toEqual([
    [[], [], null],
    [[7], ['theirs', 'ours', 'theirs-end', 'ours-end'], 'no-solution'],
    [[8], ['theirs', 'ours', 'ours-start', 'ours-end', 'ours-both'], 'no-solution'],
  ]);
});

test('N3 a second step with all solutions does all of it', () => {
  const asked = request({ timeslots: [second, third] });
  const hashes = hashesOf(planSchedule(asked));
  expect(told(planSchedule({ ...asked, solutions: solved(hashes, 'theirs-end', 'ours-both') }))).toEqual([
    '8 > 2026-12-08 19:00-20:00',
    '+ 2026-12-08 21:00-23:00',
    '+ 2026-11-24 20:00-21:00',
    '+ 2026-12-01 20:00-20:30',
    '+ 2026-12-08 20:00-21:00',
  ]);
});

test('N3 a second step with one solution missing, or one that is not allowed, does nothing', () => {
  const asked = request({ timeslots: [second, third] });
  const [first = '', last = ''] = hashesOf(planSchedule(asked));
  for (const solutions of [{ [first]: 'ours' }, { [first]: 'ours', [last]: 'theirs-both' }] as const) {
    expect(told(planSchedule({ ...asked, solutions }))).toEqual(['conflict']);
  }
});

/** What happens between the two steps, with a solution for the collision that the first step showed. */
const meanwhile: readonly (readonly [string, Partial<ScheduleRequest>, string])[] = [
  ['nothing', {}, '+ 2026-11-24 20:00-21:00, + 2026-12-08 20:00-21:00'],
  ['what it collided with was moved', { timeslots: [{ ...second, startMs: second.startMs + 60_000 }] }, 'conflict'],
  ['what it collided with was shortened', { timeslots: [{ ...second, endMs: second.endMs - 1 }] }, 'conflict'],
  ['what it collided with is another one', { timeslots: [{ ...second, id: 9 }] }, 'conflict'],
  ['it collides with one more', { timeslots: [timeslot(6, '2026-12-01', '19:30', '20:30'), second] }, 'conflict'],
  ['another date collides, too', { timeslots: [second, third] }, 'conflict'],
  ['it does not collide any more', { timeslots: [] }, 'conflict'],
  ['the request asks for another time', { plan: { ...weekly, endTime: '21:01:00' } }, 'conflict'],
  ['the request does not ask for that date', { plan: { ...weekly, firstDate: '2026-12-08' } }, 'conflict'],
  [
    'something else was planned',
    { timeslots: [timeslot(5, '2026-11-30', '20:00', '21:00'), second] },
    '+ 2026-11-24 20:00-21:00, + 2026-12-08 20:00-21:00',
  ],
];

test.each(meanwhile)('N4 a first step is stale unless all it showed is so still: %s', (_, changes, expected) => {
  const asked = request({ timeslots: [second] });
  const hashes = hashesOf(planSchedule(asked));
  expect(told(planSchedule({ ...asked, ...changes, solutions: solved(hashes, 'theirs') })).join(', ')).toBe(expected);
});

test('N4 a hash that names nothing is stale, whatever its name', () => {
  for (const hash of ['', 'toString', '__proto__', '0123456789abcdef']) {
    const solutions = Object.fromEntries([[hash, 'theirs' as const]]);
    const outcome = planSchedule(request({ solutions }));
    expect(outcome.outcome === 'conflict' && outcome.staleHashes).toEqual([hash]);
  }
});

test('one timeslot can be cut by two projected ones', () => {
  const long = { ...timeslot(7, '2026-11-24', '20:30', '21:00'), endMs: instantOf(ZONE, '2026-11-25', '20:30:00') };
  const asked = request({
    plan: { ...weekly, rrule: { ...weekly.rrule, freq: 'daily' }, lastDate: '2026-11-25' },
    timeslots: [long],
  });
  const hashes = hashesOf(planSchedule(asked));
  const results = [
    ['ours-end', 'ours-start'],
    ['ours-end', 'ours'],
    ['theirs', 'ours-start'],
  ] as const;
  expect(results.map((choices) => told(planSchedule({ ...asked, solutions: solved(hashes, ...choices) })))).toEqual([
    ['7 > 2026-11-24 21:00-20:00', '+ 2026-11-24 20:00-21:00', '+ 2026-11-25 20:00-21:00'],
    ['- 7', '+ 2026-11-24 20:00-21:00', '+ 2026-11-25 20:00-21:00'],
    ['7 > 2026-11-24 20:30-20:00', '+ 2026-11-25 20:00-21:00'],
  ]);
});

const current = { id: 1, plan: weekly, plannedUntil: '2026-12-08' };
const own = ['2026-11-24', '2026-12-01', '2026-12-08'].map((date, index) =>
  timeslot(11 + index, date, '20:00', '21:00', { scheduleId: 1, mediaId: 3 }),
);

/** A schedule with timeslots 11, 12 and 13 on three Tuesdays; what differs afterwards, and what becomes of them. */
const updates: readonly (readonly [string, Partial<SchedulePlan>, readonly string[]])[] = [
  ['nothing', {}, []],
  [
    'a later time',
    { startTime: '20:30:00', endTime: '21:30:00' },
    ['11 > 2026-11-24 20:30-21:30', '12 > 2026-12-01 20:30-21:30', '13 > 2026-12-08 20:30-21:30'],
  ],
  ['a later end', { lastDate: '2026-12-20' }, ['+ 2026-12-15 20:00-21:00']],
  ['an earlier end', { lastDate: '2026-12-07' }, ['- 13']],
  ['another rule', { rrule: { ...weekly.rrule, interval: 2 } }, ['- 12']],
  [
    'another weekday',
    { firstDate: '2026-11-25', lastDate: '2026-11-25' },
    ['- 11', '- 12', '- 13', '+ 2026-11-25 20:00-21:00'],
  ],
  ['a later first date', { firstDate: '2026-12-01' }, ['- 11']],
];

test.each(updates)('N5 a schedule that is changed keeps what it can: %s', (_, changes, expected) => {
  expect(told(planSchedule(request({ plan: { ...weekly, ...changes }, current, timeslots: own })))).toEqual(expected);
});

test('N5 what was moved or deleted by hand stays so when only the end changes', () => {
  const byHand = [timeslot(11, '2026-11-25', '20:00', '21:00', { scheduleId: 1 }), ...own.slice(2)];
  const plan = { ...weekly, lastDate: '2026-12-15' };
  expect(told(planSchedule(request({ plan, current, timeslots: byHand })))).toEqual(['+ 2026-12-15 20:00-21:00']);
  const behind = [...own.slice(0, 2), timeslot(13, '2026-12-10', '20:00', '21:00', { scheduleId: 1 })];
  expect(told(planSchedule(request({ current, timeslots: behind })))).toEqual([]);
  expect(
    told(planSchedule(request({ plan: { ...weekly, lastDate: '2026-12-07' }, current, timeslots: behind }))),
  ).toEqual(['- 13']);
});

test('a schedule that is changed collides with others, not with itself', () => {
  const plan = { ...weekly, startTime: '20:30:00', endTime: '21:30:00' };
  const timeslots = [
    ...own.slice(0, 1),
    ...own.slice(1, 2),
    timeslot(7, '2026-12-01', '21:00', '22:00'),
    ...own.slice(2),
  ];
  const asked = request({ plan, current, timeslots });
  const hashes = hashesOf(planSchedule(asked));
  expect(hashes).toHaveLength(1);
  expect(told(planSchedule({ ...asked, solutions: solved(hashes, 'theirs') }))).toEqual([
    '- 12',
    '11 > 2026-11-24 20:30-21:30',
    '13 > 2026-12-08 20:30-21:30',
  ]);
});

const original = timeslot(21, '2026-11-24', '18:00', '19:00');
const repetition = timeslot(22, '2026-11-25', '18:00', '19:00', { scheduleId: 3, repetitionOfId: 21 });

test('N6 a repetition is planned where there is an original', () => {
  const plan = { ...weekly, repetitionOfId: 2, addDaysNo: 1 };
  expect(told(planSchedule(request({ plan, originals: [original], timeslots: [original] })))).toEqual([
    '+ 2026-11-25 20:00-21:00 of 21',
  ]);
});

test('N6 a repetition goes with its original', () => {
  const plan = { ...weekly, startTime: '18:00:00', endTime: '19:00:00', lastDate: '2026-11-24' };
  const asked = request({ plan, timeslots: [original, repetition] });
  const hashes = hashesOf(planSchedule(asked));
  expect(told(planSchedule({ ...asked, solutions: solved(hashes, 'ours') }))).toEqual([
    '- 21',
    '- 22',
    '+ 2026-11-24 18:00-19:00',
  ]);
});

test('N6 a repetition does not outrun its original', () => {
  const originalPlan = { ...weekly, startTime: '18:00:00', endTime: '19:00:00', lastDate: null };
  const plan = {
    ...originalPlan,
    rrule: { ...weekly.rrule, freq: 'once' as const },
    endTime: '23:30:00',
    startTime: '23:00:00',
  };
  const soon = {
    ...repetition,
    startMs: instantOf(ZONE, '2026-11-24', '22:00:00'),
    endMs: instantOf(ZONE, '2026-11-24', '23:00:00'),
  };
  expect(
    told(
      planSchedule(
        request({
          plan,
          current: { id: 2, plan: originalPlan, plannedUntil: '2026-11-24' },
          timeslots: [original, soon],
        }),
      ),
    ),
  ).toEqual(['- 22', '21 > 2026-11-24 23:00-23:30']);
});
