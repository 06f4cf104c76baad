// What is special to timeslots: their times are shown on the clocks of the station, they can be moved only where nothing
// else is, and what they play is a matter of the program. Creating one is for its schedule; the rest is as of any resource.
import { timeslot } from '@longwave/contracts';
import type { PrismaClient } from '#prisma';
import { isSameContent, representRecord } from '../domain/content.ts';
import { changeTime } from '../domain/change-time.ts';
import { ResourceNotFoundError } from '../domain/resource-errors.ts';
import { resourceUpdated } from '../domain/resource-messages.ts';
import type { Content, ResourceRecord } from '../domain/resource.ts';
import { ImpossibleTimesError } from '../domain/schedule-errors.ts';
import { deleteTimeslots, moveTimeslot } from '../program/conflict/change-timeslot.ts';
import { timeslotProblems } from '../program/schedule/plan-problems.ts';
import type { Interval } from '../program/time/interval.ts';
import { formatInstant } from '../program/time/local-time.ts';
import { timeslots } from '../resources/timeslot.ts';
import { applyTimeslotChanges } from './apply-timeslot-changes.ts';
import { changeProgram } from './change-program.ts';
import { lockProgram } from './program-lock.ts';
import { findStation, findTimeslots } from './program-rows.ts';
import { requireReferences } from './references.ts';
import { lockRow, type ResourceStoreOptions, type ResourceUpdate } from './resource-store.ts';
import { toRecord } from './rows.ts';
import type { Transaction } from './transactions.ts';

/** What is put into a timeslot, wherever it lies. */
const filling = timeslot.pick({ memo: true, episodeId: true, mediaId: true });

/** `start` and `end` are Dates in a row, and RFC 3339 with the station's offset in an answer. */
export async function representTimeslots(
  prisma: PrismaClient,
  records: readonly ResourceRecord[],
): Promise<readonly Content[]> {
  const { zone } = await findStation(prisma);
  return records.map((record) => {
    const { startMs, endMs } = intervalOf(record.content);
    return {
      ...representRecord(timeslots, record),
      start: formatInstant(zone, startMs),
      end: formatInstant(zone, endMs),
    };
  });
}

/**
 * Throws what `decide` throws, ResourceNotFoundError, UnknownReferencesError, ImpossibleTimesError, TimeslotOverlapError,
 * RepetitionTooEarlyError.
 */
export async function updateTimeslot(
  { urls, now }: ResourceStoreOptions,
  transaction: Transaction,
  id: number,
  { decide }: ResourceUpdate,
): Promise<ResourceRecord> {
  const { prisma, tell } = transaction;
  await lockProgram(transaction);
  const current = await findLocked(transaction, id);
  const wanted = withDates(decide(current));
  if (isSameContent(current.content, wanted)) return current;
  await requireReferences(transaction, timeslots, wanted, current.content);
  const to = intervalOf(wanted);
  const changes = await moveTo(transaction, id, to, now());
  return changeProgram(transaction, now, { timeslotIds: [id, ...changes.deletes] }, async () => {
    const time = now();
    // Its own row is written once, with everything that has changed of it.
    await applyTimeslotChanges(transaction, { ...changes, moves: [] }, null, { urls, time });
    const columns = { ...filling.parse(wanted), start: new Date(to.startMs), end: new Date(to.endMs) };
    const data = { ...columns, updatedAt: changeTime(time, current.updatedAt), revision: { increment: 1 } };
    const updated = toRecord(timeslots, await prisma.timeslot.update({ where: { id }, data }));
    tell(resourceUpdated(timeslots, updated, urls.resource(timeslots, id)));
    return updated;
  });
}

/** Repetitions go with it. Throws what `accept` throws, ResourceNotFoundError. */
export async function removeTimeslot(
  { urls, now }: ResourceStoreOptions,
  transaction: Transaction,
  id: number,
  accept: (current: ResourceRecord) => void,
): Promise<void> {
  await lockProgram(transaction);
  accept(await findLocked(transaction, id));
  const changes = deleteTimeslots([id], await findTimeslots(transaction.prisma, { timeslotIds: [id] }));
  await changeProgram(transaction, now, { timeslotIds: changes.deletes }, async () => {
    await applyTimeslotChanges(transaction, changes, null, { urls, time: now() });
  });
}

async function moveTo(transaction: Transaction, id: number, to: Interval, time: Date) {
  const { prisma } = transaction;
  const { zone } = await findStation(prisma);
  const current = (await findTimeslots(prisma, { timeslotIds: [id] })).find((found) => found.id === id);
  if (current === undefined) throw new ResourceNotFoundError(timeslots, id);
  const isMoved = current.startMs !== to.startMs || current.endMs !== to.endMs;
  const problems = isMoved ? timeslotProblems(to, zone, time.getTime()) : [];
  if (problems.length > 0) throw new ImpossibleTimesError(problems);
  const { repetitionOfId } = current;
  const timeslotIds = repetitionOfId === null ? [id] : [id, repetitionOfId];
  return moveTimeslot(current, to, await findTimeslots(prisma, { intervals: [to], timeslotIds }));
}

async function findLocked(transaction: Transaction, id: number): Promise<ResourceRecord> {
  await lockRow(transaction, timeslots, id, 'FOR UPDATE');
  const row = await transaction.prisma.timeslot.findUnique({ where: { id } });
  if (row === null) throw new ResourceNotFoundError(timeslots, id);
  return toRecord(timeslots, row);
}

/** A request says instants as text. */
function withDates(content: Content): Content {
  const { startMs, endMs } = intervalOf(content);
  return { ...content, start: new Date(startMs), end: new Date(endMs) };
}

function intervalOf({ start, end }: Content): Interval {
  return { startMs: instant(start), endMs: instant(end) };
}

function instant(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
