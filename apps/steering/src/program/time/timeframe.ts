// The timeframes that messages are about: dates, ISO weeks and months of the station.
import { Temporal } from 'temporal-polyfill';
import { addDays, datesBetween, monthOf, weekOf } from './calendar-date.ts';
import type { Interval } from './interval.ts';
import { dateOf, midnightOf } from './local-time.ts';

/** Names as in subjects, each once: `2026-11-21`, `2026-W47`, `2026-11`. */
export type Timeframes = {
  readonly dates: readonly string[];
  readonly weeks: readonly string[];
  readonly months: readonly string[];
};

export const noTimeframes: Timeframes = { dates: [], weeks: [], months: [] };

/** Every date that any of the intervals touches. One that ends at midnight does not touch the day that begins there. */
export function datesTouched(zone: string, intervals: Iterable<Interval>): ReadonlySet<string> {
  const dates = new Set<string>();
  for (const { startMs, endMs } of intervals) {
    for (const date of datesBetween(dateOf(zone, startMs), dateOf(zone, endMs - 1))) dates.add(date);
  }
  return dates;
}

/** The dates with their weeks and months, ascending. */
export function timeframesOf(dates: Iterable<string>): Timeframes {
  const sorted = [...new Set(dates)].toSorted();
  return { dates: sorted, weeks: [...new Set(sorted.map(weekOf))], months: [...new Set(sorted.map(monthOf))] };
}

/** All of both, each once, ascending. */
export function unionOf(left: Timeframes, right: Timeframes): Timeframes {
  const union = (names: readonly string[], others: readonly string[]): readonly string[] =>
    [...new Set([...names, ...others])].toSorted();
  return {
    dates: union(left.dates, right.dates),
    weeks: union(left.weeks, right.weeks),
    months: union(left.months, right.months),
  };
}

export function intervalOfDate(zone: string, date: string): Interval {
  return { startMs: midnightOf(zone, date), endMs: midnightOf(zone, addDays(date, 1)) };
}

/** `week` as `GGGG-Www`. */
export function intervalOfWeek(zone: string, week: string): Interval {
  const monday = mondayOf(week);
  return { startMs: midnightOf(zone, monday), endMs: midnightOf(zone, addDays(monday, 7)) };
}

/** `month` as `YYYY-MM`. */
export function intervalOfMonth(zone: string, month: string): Interval {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return {
    startMs: midnightOf(zone, first.toString()),
    endMs: midnightOf(zone, first.add({ months: 1 }).toString()),
  };
}

/** 4 January is always in the first week of its year. */
function mondayOf(week: string): string {
  const [year = '', number = ''] = week.split('-W');
  const fourth = Temporal.PlainDate.from(`${year}-01-04`);
  return fourth.add({ days: 1 - fourth.dayOfWeek + 7 * (Number(number) - 1) }).toString();
}
