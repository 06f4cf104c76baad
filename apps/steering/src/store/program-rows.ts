// Reads parts of the program as the plain data that the functions in `program/` compute with.
import type { Prisma } from '#prisma';
import type {
  OriginalTimeslot,
  Program,
  ProgramEpisode,
  ProgramSchedule,
  ProgramShow,
  Timeslot,
} from '../program/program.ts';
import type { Interval } from '../program/time/interval.ts';

/** The union of all that is named: timeslots in intervals, by id, of schedules and shows, with episodes. */
export type ProgramSelection = {
  readonly intervals?: readonly Interval[];
  readonly timeslotIds?: readonly number[];
  readonly scheduleIds?: readonly number[];
  readonly showIds?: readonly number[];
  readonly episodeIds?: readonly number[];
};

type Client = Pick<Prisma.TransactionClient, '$queryRawUnsafe'>;

/** A timeslot with what it leads to. */
type EntryRow = {
  readonly id: number;
  readonly schedule_id: number;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly memo: string;
  readonly episode_id: number | null;
  readonly media_id: number | null;
  readonly repetition_of_id: number | null;
  readonly show_id: number;
  readonly show_name: string;
  readonly show_media_id: number | null;
  readonly schedule_media_id: number | null;
  readonly original_episode_id: number | null;
  readonly original_media_id: number | null;
  readonly episode_title: string | null;
  readonly episode_media_id: number | null;
};

// One row with all of them: planning looks at a year of the whole station, and ten thousand rows cost the client ten
// times what they cost the database.
const SELECT_TIMESLOTS = `
  SELECT coalesce(json_agg(json_build_array(
    t.id, t.schedule_id, extract(epoch FROM t.starts_at) * 1000, extract(epoch FROM t.ends_at) * 1000, t.memo,
    t.episode_id, t.media_id, t.repetition_of_id) ORDER BY t.starts_at, t.id), '[]')::text AS timeslots
  FROM timeslot t`;

type TimeslotTuple = readonly [
  id: number,
  scheduleId: number,
  startMs: number,
  endMs: number,
  memo: string,
  episodeId: number | null,
  mediaId: number | null,
  repetitionOfId: number | null,
];

// One statement, so that whatever a timeslot leads to is there, also when nobody holds the lock. A repetition without an
// episode has that of its original.
const SELECT_ENTRIES = `
  SELECT t.id, t.schedule_id, t.starts_at, t.ends_at, t.memo, t.episode_id, t.media_id, t.repetition_of_id,
         t.show_id, w.name AS show_name, w.default_media_id AS show_media_id, s.default_media_id AS schedule_media_id,
         o.episode_id AS original_episode_id, o.media_id AS original_media_id,
         e.title AS episode_title, e.media_id AS episode_media_id
  FROM timeslot t
  JOIN schedule s ON s.id = t.schedule_id
  JOIN show w ON w.id = t.show_id
  LEFT JOIN timeslot o ON o.id = t.repetition_of_id
  LEFT JOIN episode e ON e.id = COALESCE(t.episode_id, o.episode_id)`;

export async function findTimeslots(client: Client, selection: ProgramSelection): Promise<readonly Timeslot[]> {
  const [row] = await findRows<{ readonly timeslots: string }>(client, SELECT_TIMESLOTS, selection);
  // The statement makes exactly these.
  const tuples = JSON.parse(row?.timeslots ?? '[]') as readonly TimeslotTuple[];
  return tuples.map(([id, scheduleId, startMs, endMs, memo, episodeId, mediaId, repetitionOfId]) => ({
    id,
    scheduleId,
    startMs,
    endMs,
    memo,
    episodeId,
    mediaId,
    repetitionOfId,
  }));
}

/** `station`: as it was read in the same transaction; absent: it is read now. */
export async function findProgram(client: Client, selection: ProgramSelection, station?: Station): Promise<Program> {
  const { zone, fallbackShow } = station ?? (await findStation(client));
  const rows = await findRows<EntryRow>(client, SELECT_ENTRIES, selection, 'ORDER BY t.starts_at, t.id');
  const shows: ProgramShow[] = rows.map((row) => ({
    id: row.show_id,
    name: row.show_name,
    defaultMediaId: row.show_media_id,
  }));
  return {
    zone,
    fallbackShowId: fallbackShow?.id ?? null,
    timeslots: rows.map(timeslotOf),
    shows: byId(fallbackShow === null ? shows : [...shows, fallbackShow]),
    schedules: byId(rows.map(scheduleOf)),
    episodes: byId(rows.flatMap(episodeOf)),
    originals: byId(rows.flatMap(originalOf)),
  };
}

export type Station = { readonly zone: string; readonly fallbackShow: ProgramShow | null };

export async function findStation(client: Client): Promise<Station> {
  const [row] = await client.$queryRawUnsafe<
    { time_zone: string; id: number | null; name: string | null; default_media_id: number | null }[]
  >(
    `SELECT r.time_zone, w.id, w.name, w.default_media_id
     FROM radio_settings r LEFT JOIN show w ON w.id = r.fallback_show_id WHERE r.id = 1`,
  );
  if (row === undefined) throw new TypeError('the row of radio_settings that the migration made is gone');
  const { time_zone: zone, id, name, default_media_id: defaultMediaId } = row;
  return { zone, fallbackShow: id === null || name === null ? null : { id, name, defaultMediaId } };
}

async function findRows<Row>(
  client: Client,
  select: string,
  selection: ProgramSelection,
  order = '',
): Promise<readonly Row[]> {
  const { conditions, values } = conditionsOf(selection);
  if (conditions.length === 0) return [];
  return client.$queryRawUnsafe<Row[]>(`${select} WHERE ${conditions.join(' OR ')} ${order}`, ...values);
}

/** Each condition has an index of its own; what is not asked for costs nothing. */
function conditionsOf({ intervals = [], ...ids }: ProgramSelection) {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (count: number, value: unknown, condition: (placeholder: string) => string): void => {
    if (count === 0) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  for (const { startMs, endMs } of intervals) {
    values.push(new Date(startMs), new Date(endMs));
    const range = `tstzrange($${values.length - 1}::timestamptz, $${values.length}::timestamptz)`;
    conditions.push(`tstzrange(t.starts_at, t.ends_at) && ${range}`);
  }
  const { timeslotIds = [], scheduleIds = [], showIds = [], episodeIds = [] } = ids;
  add(
    timeslotIds.length,
    timeslotIds,
    (given) => `t.id = ANY(${given}::int[]) OR t.repetition_of_id = ANY(${given}::int[])`,
  );
  add(scheduleIds.length, scheduleIds, (given) => `t.schedule_id = ANY(${given}::int[])`);
  add(showIds.length, showIds, (given) => `t.show_id = ANY(${given}::int[])`);
  add(
    episodeIds.length,
    episodeIds,
    (given) =>
      `t.episode_id = ANY(${given}::int[]) OR
       t.repetition_of_id IN (SELECT id FROM timeslot WHERE episode_id = ANY(${given}::int[]))`,
  );
  return { conditions, values };
}

function timeslotOf(row: EntryRow): Timeslot {
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    startMs: row.starts_at.getTime(),
    endMs: row.ends_at.getTime(),
    memo: row.memo,
    episodeId: row.episode_id,
    mediaId: row.media_id,
    repetitionOfId: row.repetition_of_id,
  };
}

function scheduleOf({
  schedule_id: id,
  show_id: showId,
  schedule_media_id: defaultMediaId,
}: EntryRow): ProgramSchedule {
  return { id, showId, defaultMediaId };
}

function episodeOf(row: EntryRow): readonly ProgramEpisode[] {
  const id = row.episode_id ?? row.original_episode_id;
  return id === null || row.episode_title === null
    ? []
    : [{ id, title: row.episode_title, mediaId: row.episode_media_id }];
}

function originalOf(row: EntryRow): readonly OriginalTimeslot[] {
  const { repetition_of_id: id, original_episode_id: episodeId, original_media_id: mediaId } = row;
  return id === null ? [] : [{ id, episodeId, mediaId }];
}

function byId<Item extends { readonly id: number }>(items: readonly Item[]): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]));
}
