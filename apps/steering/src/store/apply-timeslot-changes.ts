// Does what planning has decided about timeslots, a statement for each kind however many there are, and tells of each.
import { resourceCreated, resourceDeleted, resourceUpdated } from '../domain/resource-messages.ts';
import type { ResourceRecord } from '../domain/resource.ts';
import type { Urls } from '../domain/urls.ts';
import type { NewTimeslot, TimeslotChanges, TimeslotMove } from '../program/schedule/timeslot-changes.ts';
import { timeslots } from '../resources/timeslot.ts';
import type { Transaction } from './transactions.ts';

export type ApplyOptions = { readonly urls: Urls; readonly time: Date };

/** The ids of the new timeslots, by that of their schedule. */
export type CreatedTimeslots = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * In the order in which nothing overlaps in between: deletes, moves, creates. `newScheduleId` is of the schedule that was
 * just being made when it was planned; null when none was.
 */
export async function applyTimeslotChanges(
  transaction: Transaction,
  { deletes, moves, creates }: TimeslotChanges,
  newScheduleId: number | null,
  options: ApplyOptions,
): Promise<CreatedTimeslots> {
  if (deletes.length > 0) await deleteAll(transaction, deletes, options);
  if (moves.length > 0) await moveAll(transaction, moves, options);
  return creates.length === 0 ? new Map() : createAll(transaction, creates, newScheduleId, options);
}

const urlOf = (urls: Urls, id: number): string => urls.resource(timeslots, id);

type Changed = Pick<ResourceRecord, 'id' | 'updatedAt'>;

async function deleteAll({ prisma, tell }: Transaction, ids: readonly number[], { urls }: ApplyOptions): Promise<void> {
  await prisma.timeslot.deleteMany({ where: { id: { in: [...ids] } } });
  for (const id of ids) tell(resourceDeleted(timeslots, { id }, urlOf(urls, id)));
}

async function moveAll(
  { prisma, tell }: Transaction,
  moves: readonly TimeslotMove[],
  { urls, time }: ApplyOptions,
): Promise<void> {
  const moved = await prisma.$queryRawUnsafe<Changed[]>(
    `UPDATE timeslot t
     SET starts_at = m.starts_at, ends_at = m.ends_at, revision = t.revision + 1,
         updated_at = greatest($2::timestamptz, t.updated_at + interval '1 ms')
     FROM jsonb_to_recordset($1::jsonb) AS m (id int, starts_at timestamptz, ends_at timestamptz)
     WHERE t.id = m.id
     RETURNING t.id, t.updated_at AS "updatedAt"`,
    JSON.stringify(moves.map(({ id, ...interval }) => ({ id, ...columnsOf(interval) }))),
    time,
  );
  for (const record of moved) tell(resourceUpdated(timeslots, record, urlOf(urls, record.id)));
}

async function createAll(
  { prisma, tell }: Transaction,
  creates: readonly NewTimeslot[],
  newScheduleId: number | null,
  { urls, time }: ApplyOptions,
): Promise<CreatedTimeslots> {
  // Pieces of a timeslot of another schedule are that schedule's.
  const rows = creates.map(({ scheduleId, memo, episodeId, mediaId, repetitionOfId, ...interval }) => ({
    schedule_id: scheduleId ?? newScheduleId,
    memo,
    episode_id: episodeId,
    media_id: mediaId,
    repetition_of_id: repetitionOfId,
    ...columnsOf(interval),
  }));
  const created = await prisma.$queryRawUnsafe<(Changed & { readonly scheduleId: number })[]>(
    `INSERT INTO timeslot (schedule_id, show_id, repetition_of_id, starts_at, ends_at, memo, episode_id, media_id,
                           created_at, updated_at)
     SELECT n.schedule_id, s.show_id, n.repetition_of_id, n.starts_at, n.ends_at, n.memo, n.episode_id, n.media_id, $2, $2
     FROM jsonb_to_recordset($1::jsonb) AS n (schedule_id int, repetition_of_id int, starts_at timestamptz,
       ends_at timestamptz, memo text, episode_id int, media_id int)
     JOIN schedule s ON s.id = n.schedule_id
     ORDER BY n.starts_at
     RETURNING id, updated_at AS "updatedAt", schedule_id AS "scheduleId"`,
    JSON.stringify(rows),
    time,
  );
  for (const record of created) tell(resourceCreated(timeslots, record, urlOf(urls, record.id)));
  const bySchedule = Map.groupBy(created, ({ scheduleId }) => scheduleId);
  return new Map([...bySchedule].map(([id, records]) => [id, new Set(records.map((record) => record.id))]));
}

function columnsOf({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) {
  return { starts_at: new Date(startMs).toISOString(), ends_at: new Date(endMs).toISOString() };
}
