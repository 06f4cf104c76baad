// Random histories of edits against an oracle that knows nothing of how it is decided: the dates that are told are those
// whose `program/playout/` answer is another one afterwards, and the weeks and months are theirs.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { anyEdit, anyEditAtAll, DAYS, diceOf } from './support/random-edits.ts';
import { startOnAir, type OnAir } from './support/on-air.ts';

/** Of a soak: an hour of them. */
const STEPS = process.env['LONGWAVE_SOAK'] === undefined ? 40 : 5_000;
const seed = Number(process.env['LONGWAVE_SEED'] ?? Date.now() % 1_000_000);

/** From the day of the station's clock on, until long after everything that the edits make. */
const FIRST = Date.parse('2026-11-21T00:00:00Z');
const DAYS_LOOKED_AT = DAYS + 30;
const dates = Array.from({ length: DAYS_LOOKED_AT }, (_, index) =>
  new Date(FIRST + index * 86_400_000).toISOString().slice(0, 10),
);

let station: OnAir;
beforeAll(async () => {
  station = await startOnAir();
  for (const name of ['One', 'Two', 'Three']) {
    const show = await station.makeShow({ name });
    await station.call('POST', '/media/', { name });
    await station.call('POST', '/episodes/', { showId: show, title: name });
  }
});
afterAll(() => station.close());

type Entry = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly showId: number;
  readonly timeslotId: number | null;
  readonly mediaId: number | null;
};

/** What is on each date, as the API says it: times, show and media. */
async function programByDate(): Promise<ReadonlyMap<string, string>> {
  const end = encodeURIComponent(`${dates.at(-1)}T23:00:00Z`);
  const { text } = await station.get(`/program/playout/?start=2026-11-21T00:00:00%2B01:00&end=${end}`);
  const entries: readonly Entry[] = JSON.parse(text);
  return new Map(
    dates.map((date) => [
      date,
      JSON.stringify(
        entries
          .filter((entry) => entry.start.slice(0, 10) <= date && lastDateOf(entry) >= date)
          .map(({ id, showId, timeslotId, mediaId }) => [id, showId, timeslotId, mediaId]),
      ),
    ]),
  );
}

/** An entry that ends at midnight is not on the day that begins then. */
function lastDateOf({ end }: Entry): string {
  const date = end.slice(0, 10);
  return end.slice(11, 19) === '00:00:00' ? dateBefore(date) : date;
}

const dateBefore = (date: string): string => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);

/** Gaps after the last timeslot are not told, because there is no end to them; those of today always are. */
async function lastDate(): Promise<string> {
  const { rows } = await station.pool.query(
    `SELECT max((ends_at - interval '1 ms') AT TIME ZONE 'Europe/Vienna')::date::text AS last FROM timeslot`,
  );
  return [String(rows[0]?.last ?? ''), dates[0] ?? ''].toSorted().at(-1) ?? '';
}

function isoWeek(date: string): string {
  const day = new Date(date);
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((thursday.getTime() - first) / 86_400_000 + 1) / 7);
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

const told = (subjects: readonly string[], frame: string): readonly string[] =>
  [...new Set(subjects)]
    .filter((subject) => subject.startsWith(`${frame}.`))
    .map((subject) => subject.slice(frame.length + 1));

test(`${STEPS} edits of chance (LONGWAVE_SEED=${seed}): what is told is what has changed, no more and no less`, async () => {
  const dice = diceOf(seed);
  let before = await programByDate();
  let changes = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const lastBefore = await lastDate();
    const edit = anyEditAtAll(dice);
    const answer = await edit(station, dice);
    const after = await programByDate();
    const last = [lastBefore, await lastDate()].toSorted().at(-1) ?? '';
    const isOfFallback = (answer.body['timeZone'] ?? answer.body['slug']) !== undefined;
    const changed = dates.filter((date) => before.get(date) !== after.get(date) && (!isOfFallback || date <= last));
    const subjects = await station.toldBy(answer);
    const what = `step ${step}, ${edit.name}: ${answer.status} ${answer.text}`;
    expect([what, new Set(subjects).size]).toEqual([what, subjects.length]);
    expect([what, told(subjects, 'date')]).toEqual([what, changed]);
    expect([what, told(subjects, 'week')]).toEqual([what, [...new Set(changed.map(isoWeek))]]);
    expect([what, told(subjects, 'month')]).toEqual([what, [...new Set(changed.map((date) => date.slice(0, 7)))]]);
    expect(answer.status).toBeLessThan(500);
    changes += changed.length > 0 ? 1 : 0;
    before = after;
  }
  expect(changes).toBeGreaterThan(STEPS / 10);
});

test(`edits at the same time (LONGWAVE_SEED=${seed}): whatever has changed was told, and nothing overlaps`, async () => {
  const dice = diceOf(seed + 1);
  await station.call('PATCH', '/radio-settings/', { fallbackShowId: null });
  for (let round = 0; round < STEPS / 10; round += 1) {
    const [before, from] = [await programByDate(), (await station.messages('program')).length];
    const answers = await Promise.all(Array.from({ length: 4 }, () => anyEdit(dice)(station, dice)));
    for (const { status, text } of answers) expect([status < 500, text]).toEqual([true, text]);
    const after = await programByDate();
    const changed = dates.filter((date) => before.get(date) !== after.get(date));
    const subjects = (await station.messages('program')).slice(from).map(({ subject }) => subject);
    const missing = changed.filter((date) => !subjects.includes(`program.planned.date.${date}.updated`));
    expect([round, missing]).toEqual([round, []]);
  }
  const { rows } = await station.pool.query(
    `SELECT a.id, b.id AS other FROM timeslot a JOIN timeslot b ON a.id < b.id
     AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at`,
  );
  expect(rows).toEqual([]);
});
