// What a schedule's plan means for the timeslots of the station. Reads what planning has to know; writes nothing.
import { ImpossibleTimesError, ScheduleConflictError, type CollidingShow } from '../domain/schedule-errors.ts';
import type { Solution } from '../program/conflict/overlap.ts';
import { planSchedule, type ScheduleOutcome, type ScheduleRequest } from '../program/conflict/plan-schedule.ts';
import type { ProjectedTimeslot } from '../program/conflict/projection.ts';
import { planProblems } from '../program/schedule/plan-problems.ts';
import type { Timeslot } from '../program/program.ts';
import { dateOf } from '../program/time/local-time.ts';
import { findTimeslots } from './program-rows.ts';
import type { Transaction } from './transactions.ts';

export type PlanRequest = Omit<ScheduleRequest, 'timeslots' | 'originals' | 'solutions'> & {
  readonly solutions: Readonly<Record<string, Solution>>;
};

export type Planned = Extract<ScheduleOutcome, { readonly outcome: 'planned' }>;

/** The end of the year 9999. */
const FAR_MS = 253_402_300_799_999;

/** Throws ImpossibleTimesError, ScheduleConflictError. The program lock is held. */
export async function planTimeslots(transaction: Transaction, request: PlanRequest): Promise<Planned> {
  const { zone, nowMs, plan } = request;
  const problems = planProblems(plan, dateOf(zone, nowMs));
  if (problems.length > 0) throw new ImpossibleTimesError(problems);
  const timeslots = await findTimeslotsFrom(transaction, nowMs);
  const originals = await findOriginals(transaction, plan.repetitionOfId);
  const outcome = planSchedule({ ...request, timeslots, originals });
  if (outcome.outcome === 'planned') return outcome;
  const { projected, staleHashes } = outcome;
  throw new ScheduleConflictError({ zone, projected, staleHashes, shows: await findShowsOf(transaction, projected) });
}

/** All that end after the instant, ascending. */
export function findTimeslotsFrom({ prisma }: Transaction, fromMs: number): Promise<readonly Timeslot[]> {
  return findTimeslots(prisma, { intervals: [{ startMs: fromMs, endMs: FAR_MS }] });
}

export async function findOriginals({ prisma }: Transaction, scheduleId: number | null): Promise<readonly Timeslot[]> {
  return scheduleId === null ? [] : findTimeslots(prisma, { scheduleIds: [scheduleId] });
}

async function findShowsOf(
  { prisma }: Transaction,
  projected: readonly ProjectedTimeslot[],
): Promise<ReadonlyMap<number, CollidingShow>> {
  const ids = new Set(projected.flatMap(({ collisions }) => collisions.map(({ scheduleId }) => scheduleId)));
  const select = { id: true, show: { select: { id: true, name: true } } } as const;
  const found = await prisma.schedule.findMany({ where: { id: { in: [...ids] } }, select });
  return new Map(found.map(({ id, show }) => [id, show]));
}
