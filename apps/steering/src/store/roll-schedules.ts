// Plans schedules without a last date further, in whose name nobody asks: where something is already, that stays.
import type { PrismaClient } from '#prisma';
import type { Log } from '@longwave/messaging';
import { rollSchedule } from '../program/conflict/roll-schedule.ts';
import { instantOf } from '../program/time/local-time.ts';
import { applyTimeslotChanges } from './apply-timeslot-changes.ts';
import { changeProgram } from './change-program.ts';
import { findOriginals, findTimeslotsFrom } from './plan-timeslots.ts';
import { lockProgram } from './program-lock.ts';
import { findStation } from './program-rows.ts';
import { createRepetitions } from './repeat-originals.ts';
import type { ResourceStoreOptions } from './resource-store.ts';
import { planOf, scheduleContent } from './schedule-content.ts';
import type { Transaction } from './transactions.ts';

/** Originals before their repetitions. */
export async function findRollingSchedules(prisma: PrismaClient): Promise<readonly number[]> {
  const rows = await prisma.schedule.findMany({
    where: { lastDate: null },
    orderBy: [{ repetitionOfId: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

export async function rollScheduleFurther(
  { urls, now, log }: ResourceStoreOptions & { readonly log: Log },
  transaction: Transaction,
  id: number,
): Promise<void> {
  const { prisma } = transaction;
  await lockProgram(transaction);
  const schedule = await prisma.schedule.findUnique({ where: { id } });
  // Somebody has deleted it meanwhile.
  if (schedule === null) return;
  const { zone } = await findStation(prisma);
  const time = now();
  const { plannedUntil } = schedule;
  const fromMs = Math.max(time.getTime(), instantOf(zone, plannedUntil, '00:00:00'));
  const {
    changes,
    givenUp,
    plannedUntil: until,
  } = rollSchedule({
    zone,
    nowMs: time.getTime(),
    id,
    plan: planOf(scheduleContent(schedule)),
    plannedUntil,
    timeslots: await findTimeslotsFrom(transaction, fromMs),
    originals: await findOriginals(transaction, schedule.repetitionOfId),
  });
  if (until === plannedUntil) return;
  if (givenUp.length > 0) log.info({ scheduleId: id, givenUp }, 'not planned, because something else is on air then');
  const options = { urls, time, zone };
  const repeating = await prisma.schedule.findMany({ where: { repetitionOfId: id }, select: { id: true } });
  const scheduleIds = [id, ...repeating.map((repetition) => repetition.id)];
  await prisma.schedule.update({ where: { id }, data: { plannedUntil: until } });
  if (changes.creates.length === 0) return;
  await changeProgram(transaction, now, { scheduleIds }, async () => {
    const created = await applyTimeslotChanges(transaction, changes, id, options);
    for (const [scheduleId, ids] of created) await createRepetitions(transaction, scheduleId, ids, options);
  });
}
