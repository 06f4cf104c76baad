// The program worked out quarter by quarter, as slow as it is simple: the oracle that the real one is compared with. It
// shares nothing with it: local dates come from Intl, weeks from their Thursdays, entries from putting quarters together.
import type { Program, Timeslot } from '../../src/program/program.ts';

export const QUARTER_MS = 900_000;

/** The quarters of an hour of a period with their dates; nothing of a program begins or ends within one. */
export type Quarters = {
  readonly instants: readonly number[];
  readonly dates: readonly string[];
};

export type NaiveEntry = { readonly startMs: number; readonly endMs: number; readonly plays: string };

/** `name` as in subjects: `date.2026-11-21`. */
export type NaiveTimeframe = {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstDate: string;
  readonly lastDate: string;
};

export function quartersOf(zone: string, beginMs: number, days: number): Quarters {
  const instants = Array.from({ length: 96 * days }, (_, index) => beginMs + index * QUARTER_MS);
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone });
  return { instants, dates: instants.map((instant) => format.format(instant)) };
}

/** Dates, weeks and months of the period, from their first to their last quarter. */
export function naiveTimeframes({ instants, dates }: Quarters): readonly NaiveTimeframe[] {
  const timeframes = new Map<string, NaiveTimeframe>();
  for (const [index, instant] of instants.entries()) {
    const date = dates[index] ?? '';
    for (const name of [`date.${date}`, `week.${naiveWeek(date)}`, `month.${date.slice(0, 7)}`]) {
      const { startMs = instant, firstDate = date } = timeframes.get(name) ?? {};
      timeframes.set(name, { name, startMs, endMs: instant + QUARTER_MS, firstDate, lastDate: date });
    }
  }
  return [...timeframes.values()];
}

/** The entries of the whole period. `plays` says what, who and which media; `virtual` begins that of a gap. */
export function naiveEntries(program: Program, { instants, dates }: Quarters): readonly NaiveEntry[] {
  const timeslotAt = new Map<number, Timeslot>();
  for (const timeslot of program.timeslots) {
    for (let instant = timeslot.startMs; instant < timeslot.endMs; instant += QUARTER_MS) {
      timeslotAt.set(instant, timeslot);
    }
  }
  const entries: NaiveEntry[] = [];
  let last: { readonly timeslot: Timeslot | undefined; readonly date: string; readonly plays: string | undefined };
  last = { timeslot: undefined, date: '', plays: undefined };
  for (const [index, instant] of instants.entries()) {
    const [timeslot, date] = [timeslotAt.get(instant), dates[index] ?? ''];
    const goesOn = last.timeslot === timeslot && (timeslot !== undefined || last.date === date);
    last = { timeslot, date, plays: goesOn ? last.plays : naivePlays(program, timeslot, date) };
    if (last.plays === undefined) continue;
    const before = goesOn ? entries.pop() : undefined;
    entries.push({ startMs: before?.startMs ?? instant, endMs: instant + QUARTER_MS, plays: last.plays });
  }
  return entries;
}

/** Those that overlap the span, as one text. */
export function naiveAnswer(entries: readonly NaiveEntry[], startMs: number, endMs: number): string {
  return entries
    .filter((entry) => entry.startMs < endMs && startMs < entry.endMs)
    .map((entry) => `${entry.startMs} ${entry.endMs} ${entry.plays}`)
    .join('\n');
}

function naivePlays(program: Program, timeslot: Timeslot | undefined, date: string): string | undefined {
  const fallback = program.shows.get(program.fallbackShowId ?? -1);
  if (timeslot === undefined) return fallback && `virtual ${date} ${fallback.id} ${fallback.defaultMediaId}`;
  const original = program.originals.get(timeslot.repetitionOfId ?? -1);
  const schedule = program.schedules.get(timeslot.scheduleId);
  const show = program.shows.get(schedule?.showId ?? -1);
  const candidates = [
    timeslot.mediaId,
    original?.mediaId,
    program.episodes.get(timeslot.episodeId ?? original?.episodeId ?? -1)?.mediaId,
    schedule?.defaultMediaId,
    show?.defaultMediaId,
    fallback?.defaultMediaId,
  ];
  const media = candidates.find((candidate) => typeof candidate === 'number') ?? null;
  return `timeslot ${timeslot.id} ${show?.id} ${media}`;
}

/** A week belongs to the year of its Thursday, and is counted by the Thursdays of that year. */
function naiveWeek(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return `${year}-W${String(week).padStart(2, '0')}`;
}
