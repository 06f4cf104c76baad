// Arithmetic of calendar dates, `YYYY-MM-DD`, without any time zone: where a date lies in week and month.
import { Temporal } from 'temporal-polyfill';

const FRIDAY = 5;

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The same day so many years later; 28 February for a 29th that is missing there. */
export function addYears(date: string, years: number): string {
  return Temporal.PlainDate.from(date).add({ years }).toString();
}

/** 1 is Monday, 7 Sunday. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Monday to Friday; holidays are not known. */
export function isBusinessDay(date: string): boolean {
  return weekdayOf(date) <= FRIDAY;
}

/** The date after so many business days, at least one: from a Friday, Saturday or Sunday the next is Monday. */
export function addBusinessDays(date: string, days: number): string {
  const begin = Temporal.PlainDate.from(date);
  const weekday = Math.min(begin.dayOfWeek, FRIDAY);
  const weeks = Math.floor((weekday - 1 + days) / FRIDAY);
  const target = 1 + ((weekday - 1 + days) % FRIDAY);
  return begin.add({ days: 7 * weeks + target - begin.dayOfWeek }).toString();
}

/** `GGGG-Www` of ISO 8601: weeks begin on Monday and belong to the year of their Thursday. 2027-01-01 is in 2026-W53. */
export function weekOf(date: string): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(date);
  return `${String(yearOfWeek).padStart(4, '0')}-W${String(weekOfYear).padStart(2, '0')}`;
}

/** `YYYY-MM`. */
export function monthOf(date: string): string {
  return date.slice(0, 'YYYY-MM'.length);
}

/** All from `first` to `last`, both included. */
export function datesBetween(first: string, last: string): readonly string[] {
  const dates: string[] = [];
  for (let date = Temporal.PlainDate.from(first); ; date = date.add({ days: 1 })) {
    const text = date.toString();
    if (text > last) return dates;
    dates.push(text);
  }
}
