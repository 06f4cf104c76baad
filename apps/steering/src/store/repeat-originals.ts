// That repetition schedules follow: when a schedule has new timeslots, those who repeat it get theirs, where they are free.
import { repeatOriginals } from '../program/conflict/roll-schedule.ts';
import { applyTimeslotChanges, type ApplyOptions } from './apply-timeslot-changes.ts';
import { findOriginals, findTimeslotsFrom } from './plan-timeslots.ts';
import { planOf, scheduleContent } from './schedule-content.ts';
import type { Transaction } from './transactions.ts';

/** Resolves with the ids of the repetitions. The program lock is held. */
export async function createRepetitions(
  transaction: Transaction,
  scheduleId: number,
  newOriginalIds: ReadonlySet<number>,
  { zone, ...options }: ApplyOptions & { readonly zone: string },
): Promise<void> {
  if (newOriginalIds.size === 0) return;
  const { prisma } = transaction;
  const repeating = await prisma.schedule.findMany({ where: { repetitionOfId: scheduleId }, orderBy: { id: 'asc' } });
  for (const schedule of repeating) {
    const nowMs = options.time.getTime();
    const { changes } = repeatOriginals(
      {
        zone,
        nowMs,
        id: schedule.id,
        plan: planOf(scheduleContent(schedule)),
        plannedUntil: schedule.plannedUntil,
        timeslots: await findTimeslotsFrom(transaction, nowMs),
        originals: await findOriginals(transaction, scheduleId),
      },
      newOriginalIds,
    );
    await applyTimeslotChanges(transaction, changes, null, options);
  }
}
