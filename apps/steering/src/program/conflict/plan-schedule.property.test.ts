// Chance against the two steps: whatever is there, is asked for and is chosen, every quarter of an hour ends up with
// whom the solutions say. The oracle goes by quarters and knows nothing of pieces, ids and hashes.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkProperty, PROPERTY_TIMEOUT_MS } from '../../../test/support/check-property.ts';
import type { Timeslot } from '../program.ts';
import type { SchedulePlan } from '../schedule/schedule-plan.ts';
import type { TimeslotChanges } from '../schedule/timeslot-changes.ts';
import type { Interval } from '../time/interval.ts';
import type { Solution } from './overlap.ts';
import { planSchedule, type ScheduleRequest } from './plan-schedule.ts';
import type { ProjectedTimeslot } from './projection.ts';

const QUARTER_MS = 900_000;
const BEGIN_MS = Date.UTC(2026, 10, 23);
const OWN = 1;
const DAYS = 8;

/** Timeslots of two schedules over a week, some without a gap between them. Lengths and gaps are in quarters. */
const anyTimeslots: fc.Arbitrary<readonly Timeslot[]> = fc
  .array(
    fc.record({ gap: fc.nat(20), length: fc.integer({ min: 1, max: 120 }), scheduleId: fc.constantFrom(OWN, 2, 2) }),
    {
      maxLength: 24,
    },
  )
  .map((spans) => {
    let startMs = BEGIN_MS;
    return spans.map(({ gap, length, scheduleId }, index) => {
      startMs += gap * QUARTER_MS;
      const endMs = startMs + length * QUARTER_MS;
      const timeslot = { id: index + 10, scheduleId, startMs, endMs, ...content };
      startMs = endMs;
      return timeslot;
    });
  });
const content = { episodeId: null, mediaId: null, memo: '', repetitionOfId: null };

const anyTimes = fc.uniqueArray(fc.nat(95), { minLength: 2, maxLength: 2 }).map((quarters) => {
  const [startTime = '', endTime = ''] = quarters.map(
    (quarter) =>
      `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String(15 * (quarter % 4)).padStart(2, '0')}:00`,
  );
  return { startTime, endTime };
});

const anyPlan: fc.Arbitrary<SchedulePlan> = fc
  .record({ times: anyTimes, interval: fc.integer({ min: 1, max: 3 }) })
  .map(({ times, interval }) => ({
    ...times,
    rrule: { freq: 'daily', interval, bySetPos: null, byWeekdays: 'all' },
    firstDate: '2026-11-23',
    lastDate: '2026-11-30',
    repetitionOfId: null,
    addDaysNo: 0,
    addBusinessDaysOnly: false,
  }));

function applied(timeslots: readonly Timeslot[], { creates, moves, deletes }: TimeslotChanges): readonly Timeslot[] {
  const stay = timeslots.filter(({ id }) => !deletes.includes(id));
  return [
    ...stay.map((timeslot) => ({ ...timeslot, ...moves.find(({ id }) => id === timeslot.id) })),
    ...creates.map((created, index) => ({ ...created, scheduleId: created.scheduleId ?? OWN, id: 1000 + index })),
  ].toSorted((left, right) => left.startMs - right.startMs);
}

/** The schedule that has each quarter; null where nobody has it. Overlaps are a failure. */
function ownersOf(timeslots: readonly Timeslot[]): readonly (number | null)[] {
  return quarters.map((quarter) => {
    const [owner, ...others] = timeslots.filter((timeslot) => contains(timeslot, quarter));
    if (others.length > 0) throw new Error(`Several timeslots are at ${new Date(quarter).toISOString()}.`);
    return owner?.scheduleId ?? null;
  });
}

const quarters = Array.from({ length: 96 * (DAYS + 30) }, (_, index) => BEGIN_MS + index * QUARTER_MS);
const contains = ({ startMs, endMs }: Interval, instant: number): boolean => startMs <= instant && instant < endMs;

type Choice = { readonly projected: ProjectedTimeslot; readonly solution: Solution };

function expectedOwner(quarter: number, others: readonly Timeslot[], choices: readonly Choice[]): number | null {
  const theirs = others.find((timeslot) => contains(timeslot, quarter));
  if (theirs !== undefined && choices.every((choice) => staysTheirs(quarter, theirs, choice))) return theirs.scheduleId;
  return choices.some((choice) => becomesOurs(quarter, choice)) ? OWN : null;
}

function staysTheirs(quarter: number, theirs: Timeslot, { projected, solution }: Choice): boolean {
  if (!projected.collisions.some(({ id }) => id === theirs.id) || solution.startsWith('theirs')) return true;
  if (solution === 'ours' || contains(projected, quarter)) return false;
  if (solution === 'ours-start') return quarter < projected.startMs;
  return solution === 'ours-end' ? quarter >= projected.endMs : true;
}

function becomesOurs(quarter: number, { projected, solution }: Choice): boolean {
  if (!contains(projected, quarter) || solution === 'theirs') return false;
  const [first] = projected.collisions;
  if (first === undefined || !solution.startsWith('theirs')) return true;
  if (contains(first, quarter)) return false;
  if (solution === 'theirs-end') return quarter < first.startMs;
  return solution === 'theirs-start' ? quarter >= first.endMs : true;
}

/** Both steps, with allowed solutions by chance: who has each quarter, and who should. */
function liveThrough(
  timeslots: readonly Timeslot[],
  plan: SchedulePlan,
  isNew: boolean,
  chances: Iterator<number>,
): { readonly owners: readonly (number | null)[]; readonly expected: readonly (number | null)[] } {
  const there = isNew ? timeslots.map((timeslot) => ({ ...timeslot, scheduleId: 2 })) : timeslots;
  const request: ScheduleRequest = {
    zone: 'UTC',
    nowMs: BEGIN_MS,
    plan,
    current: isNew ? null : { id: OWN, plan: { ...plan, firstDate: '2026-11-22' }, plannedUntil: '2026-11-30' },
    timeslots: there,
    originals: [],
    solutions: {},
  };
  const first = planSchedule(request);
  const projected = first.outcome === 'conflict' ? first.projected : [];
  const choices = projected.map((timeslot) => ({ projected: timeslot, solution: chosen(timeslot, chances) }));
  const second = planSchedule({ ...request, solutions: solutionsOf(choices) });
  if (second.outcome !== 'planned') throw new Error('The second step was refused.');
  const owners = ownersOf(applied(there, second.changes));
  if (first.outcome === 'planned') return { owners, expected: owners };
  const others = there.filter(({ scheduleId }) => isNew || scheduleId !== OWN);
  return { owners, expected: quarters.map((quarter) => expectedOwner(quarter, others, choices)) };
}

function chosen({ solutionChoices }: ProjectedTimeslot, chances: Iterator<number>): Solution {
  return solutionChoices[chances.next().value % Math.max(1, solutionChoices.length)] ?? 'ours';
}

function solutionsOf(choices: readonly Choice[]): Record<string, Solution> {
  const asked = choices.filter(({ projected }) => projected.collisions.length > 0);
  return Object.fromEntries(asked.map(({ projected, solution }) => [projected.hash, solution]));
}

test(
  'N1 every quarter of an hour is with whom the solutions say, and nothing overlaps',
  () => {
    checkProperty(
      [anyTimeslots, anyPlan, fc.boolean(), fc.infiniteStream(fc.nat())],
      (timeslots, plan, isNew, chances) => {
        const { owners, expected } = liveThrough(timeslots, plan, isNew, chances);
        expect(owners).toEqual(expected);
      },
    );
  },
  PROPERTY_TIMEOUT_MS,
);
