// The schedules, and with each the timeslots that follow from it: all or nothing, in one transaction, under the program
// lock, so that of two that overlap the second one sees the first. Reading is as of any resource.
import { isSameContent } from '../domain/content.ts';
import { changeTime } from '../domain/change-time.ts';
import { ResourceNotFoundError } from '../domain/resource-errors.ts';
import { resourceCreated, resourceDeleted, resourceUpdated } from '../domain/resource-messages.ts';
import type { Content, ResourceRecord } from '../domain/resource.ts';
import { ScheduleMovedError } from '../domain/schedule-errors.ts';
import type { Solution } from '../program/conflict/overlap.ts';
import { deleteTimeslots } from '../program/conflict/change-timeslot.ts';
import { noTimeslotChanges, type TimeslotChanges } from '../program/schedule/timeslot-changes.ts';
import { schedules } from '../resources/schedule.ts';
import { applyTimeslotChanges } from './apply-timeslot-changes.ts';
import { changeProgram } from './change-program.ts';
import { requireOriginal } from './original-schedule.ts';
import { planTimeslots, type Planned } from './plan-timeslots.ts';
import { lockProgram } from './program-lock.ts';
import { findStation, findTimeslots } from './program-rows.ts';
import { refuseIfReferredTo, requireReferences } from './references.ts';
import { createRepetitions } from './repeat-originals.ts';
import { lockRow, type ResourceStoreOptions } from './resource-store.ts';
import { toRecord } from './rows.ts';
import { planOf, scheduleContent, type ScheduleContent } from './schedule-content.ts';
import type { Transaction } from './transactions.ts';

/** What the second step adds to the first. */
export type Steps = {
  readonly isDryRun: boolean;
  readonly solutions: Readonly<Record<string, Solution>>;
};

/** A dry run writes nothing. `zone`: in which its times are to be written. */
export type ScheduleResult =
  | { readonly kind: 'stored'; readonly record: ResourceRecord }
  | { readonly kind: 'dry-run'; readonly changes: TimeslotChanges; readonly zone: string };

/** All of it may throw UnknownReferencesError, RepetitionChainError, ImpossibleTimesError, ScheduleConflictError. */
export type ScheduleWriter = {
  create(transaction: Transaction, content: Content, steps: Steps): Promise<ScheduleResult>;
  /** Also throws what `decide` throws, ResourceNotFoundError, ScheduleMovedError. */
  update(
    transaction: Transaction,
    id: number,
    decide: (current: ResourceRecord) => Content,
    steps: Steps,
  ): Promise<ScheduleResult>;
  /** With all its timeslots and their repetitions. Throws what `accept` throws, ResourceNotFoundError, ResourceInUseError. */
  remove(transaction: Transaction, id: number, accept: (current: ResourceRecord) => void): Promise<void>;
};

export function createScheduleWriter(options: ResourceStoreOptions): ScheduleWriter {
  return {
    create: (transaction, content, steps) => create(options, transaction, content, steps),
    update: (transaction, id, decide, steps) => update(options, transaction, id, decide, steps),
    remove: (transaction, id, accept) => remove(options, transaction, id, accept),
  };
}

async function create(
  options: ResourceStoreOptions,
  transaction: Transaction,
  content: Content,
  { isDryRun, solutions }: Steps,
): Promise<ScheduleResult> {
  const { prisma } = transaction;
  const { urls, now } = options;
  await lockProgram(transaction);
  await requireReferences(transaction, schedules, content);
  const schedule = scheduleContent(content);
  await requireOriginal(transaction, null, schedule.repetitionOfId);
  const { zone } = await findStation(prisma);
  const time = now();
  const plan = planOf(schedule);
  const planned = await planTimeslots(transaction, { zone, nowMs: time.getTime(), plan, current: null, solutions });
  if (isDryRun) return { kind: 'dry-run', changes: planned.changes, zone };
  const data = { ...schedule, plannedUntil: planned.plannedUntil, createdAt: time, updatedAt: time };
  const record = toRecord(schedules, await prisma.schedule.create({ data }));
  transaction.tell(resourceCreated(schedules, record, urls.resource(schedules, record.id)));
  await applyPlan(options, transaction, { id: record.id, zone, planned }, () => Promise.resolve(record));
  return { kind: 'stored', record };
}

async function update(
  options: ResourceStoreOptions,
  transaction: Transaction,
  id: number,
  decide: (current: ResourceRecord) => Content,
  steps: Steps,
): Promise<ScheduleResult> {
  const { prisma } = transaction;
  await lockProgram(transaction);
  const { record: current, plannedUntil } = await findLocked(transaction, id);
  const wanted = decide(current);
  if (wanted['showId'] !== current.content['showId']) throw new ScheduleMovedError();
  const { zone } = await findStation(prisma);
  if (isSameContent(current.content, wanted) && !steps.isDryRun) return { kind: 'stored', record: current };
  await requireReferences(transaction, schedules, wanted, current.content);
  const [before, after] = [scheduleContent(current.content), scheduleContent(wanted)];
  if (after.repetitionOfId !== before.repetitionOfId) await requireOriginal(transaction, id, after.repetitionOfId);
  const request = { zone, nowMs: options.now().getTime(), plan: planOf(after), solutions: steps.solutions };
  const planned: Planned = isSameContent(planOf(before), planOf(after))
    ? { outcome: 'planned', changes: noTimeslotChanges, plannedUntil }
    : await planTimeslots(transaction, { ...request, current: { id, plan: planOf(before), plannedUntil } });
  if (steps.isDryRun) return { kind: 'dry-run', changes: planned.changes, zone };
  const write = (): Promise<ResourceRecord> =>
    writeSchedule(options, transaction, current, after, planned.plannedUntil);
  return { kind: 'stored', record: await applyPlan(options, transaction, { id, zone, planned }, write) };
}

async function writeSchedule(
  { urls, now }: ResourceStoreOptions,
  { prisma, tell }: Transaction,
  { id, updatedAt }: ResourceRecord,
  content: ScheduleContent,
  plannedUntil: string,
): Promise<ResourceRecord> {
  const data = { ...content, plannedUntil, updatedAt: changeTime(now(), updatedAt), revision: { increment: 1 } };
  const record = toRecord(schedules, await prisma.schedule.update({ where: { id }, data }));
  tell(resourceUpdated(schedules, record, urls.resource(schedules, id)));
  return record;
}

async function remove(
  options: ResourceStoreOptions,
  transaction: Transaction,
  id: number,
  accept: (current: ResourceRecord) => void,
): Promise<void> {
  const { prisma } = transaction;
  const { urls, now } = options;
  await lockProgram(transaction);
  const { record: current } = await findLocked(transaction, id);
  accept(current);
  await refuseIfReferredTo(transaction, schedules, id);
  const own = await findTimeslots(prisma, { scheduleIds: [id] });
  const ids = own.map((timeslot) => timeslot.id);
  const changes = deleteTimeslots(ids, await findTimeslots(prisma, { timeslotIds: ids }));
  await changeProgram(transaction, now, { timeslotIds: changes.deletes }, async () => {
    await applyTimeslotChanges(transaction, changes, null, { urls, time: now() });
    await prisma.schedule.delete({ where: { id } });
  });
  transaction.tell(resourceDeleted(schedules, current, urls.resource(schedules, id)));
}

type PlanOf = { readonly id: number; readonly zone: string; readonly planned: Planned };

/** Does what was planned, with `write` before it, and tells what that made of the program. */
async function applyPlan(
  { urls, now }: ResourceStoreOptions,
  transaction: Transaction,
  { id, zone, planned: { changes } }: PlanOf,
  write: () => Promise<ResourceRecord>,
): Promise<ResourceRecord> {
  const { moves, deletes, creates } = changes;
  const others = creates.flatMap(({ scheduleId }) => (scheduleId === null ? [] : [scheduleId]));
  const repeating = await transaction.prisma.schedule.findMany({
    where: { repetitionOfId: { in: [id, ...others] } },
    select: { id: true },
  });
  const touched = {
    timeslotIds: [...moves.map((move) => move.id), ...deletes],
    scheduleIds: [...new Set([id, ...others, ...repeating.map((schedule) => schedule.id)])],
  };
  return changeProgram(transaction, now, touched, async () => {
    const record = await write();
    const options = { urls, time: now(), zone };
    const created = await applyTimeslotChanges(transaction, changes, id, options);
    for (const [scheduleId, ids] of created) await createRepetitions(transaction, scheduleId, ids, options);
    return record;
  });
}

async function findLocked(
  transaction: Transaction,
  id: number,
): Promise<{ readonly record: ResourceRecord; readonly plannedUntil: string }> {
  await lockRow(transaction, schedules, id, 'FOR UPDATE');
  const row = await transaction.prisma.schedule.findUnique({ where: { id } });
  if (row === null) throw new ResourceNotFoundError(schedules, id);
  return { record: toRecord(schedules, row), plannedUntil: row.plannedUntil };
}
