// The dates of a recurrence rule: calendar arithmetic alone, without times and zones.
import { Temporal } from 'temporal-polyfill';
import { isBusinessDay } from '../time/calendar-date.ts';
import type { Recurrence, SchedulePlan, SetPos } from './schedule-plan.ts';

/** More than the ten years of days that plan-problems.ts lets through. */
export const OCCURRENCES_MAX = 4_000;

/** A rule makes more dates than anybody may ask for at once. A plan without problems never does. */
export class TooManyOccurrencesError extends Error {
  override readonly name = 'TooManyOccurrencesError';
  readonly code = 'too-many-occurrences';

  constructor() {
    super(`The rule makes more than ${OCCURRENCES_MAX} timeslots. Give the schedule an earlier last date.`);
  }
}

type RuleOfPlan = Pick<SchedulePlan, 'rrule' | 'firstDate' | 'lastDate'>;

/**
 * The rule's dates from `from` to `until`, both included, ascending. `interval` is counted from the first date, whatever
 * is asked for. Throws TooManyOccurrencesError.
 */
export function ruleDates(rule: RuleOfPlan, from: string, until: string): readonly string[] {
  const lower = from > rule.firstDate ? from : rule.firstDate;
  const upper = rule.lastDate !== null && rule.lastDate < until ? rule.lastDate : until;
  const dates: string[] = [];
  if (lower > upper) return dates;
  for (const candidate of candidates(rule.rrule, Temporal.PlainDate.from(rule.firstDate), lower, upper)) {
    const date = candidate.toString();
    if (date < lower || date > upper || !isOnWeekday(rule.rrule, date)) continue;
    if (dates.length === OCCURRENCES_MAX) throw new TooManyOccurrencesError();
    dates.push(date);
  }
  return dates;
}

/** Ascending; all from `lower` to `upper` are among them, and few others. */
function candidates(
  rrule: Recurrence,
  first: Temporal.PlainDate,
  lower: string,
  upper: string,
): Iterable<Temporal.PlainDate> {
  switch (rrule.freq) {
    case 'once':
      return [first];
    case 'daily':
      return everyDays(first, rrule.interval, lower, upper);
    case 'weekly':
      return everyDays(first, 7 * rrule.interval, lower, upper);
    case 'monthly':
      return everyMonths(first, rrule.interval, rrule.bySetPos ?? 1, upper);
  }
}

function* everyDays(
  first: Temporal.PlainDate,
  step: number,
  lower: string,
  upper: string,
): Iterable<Temporal.PlainDate> {
  const skipped = Math.floor(first.until(lower).days / step);
  const last = Temporal.PlainDate.from(upper);
  for (let date = first.add({ days: skipped * step }); isNotAfter(date, last); date = date.add({ days: step })) {
    yield date;
  }
}

function* everyMonths(
  first: Temporal.PlainDate,
  step: number,
  setPos: SetPos,
  upper: string,
): Iterable<Temporal.PlainDate> {
  const last = Temporal.PlainDate.from(upper);
  // The months are bounded, not the dates: a rule may ask for a weekday that none of its months has.
  for (let month = first.with({ day: 1 }); isNotAfter(month, last); month = month.add({ months: step })) {
    const date = weekdayOfMonth(month, first.dayOfWeek, setPos);
    if (date !== undefined) yield date;
  }
}

/** The first to fifth or the last such weekday of the month that begins there; undefined when it has no fifth. */
function weekdayOfMonth(firstDay: Temporal.PlainDate, weekday: number, setPos: SetPos): Temporal.PlainDate | undefined {
  const firstSuch = 1 + ((weekday - firstDay.dayOfWeek + 7) % 7);
  const lastSuch = firstSuch + 7 * Math.floor((firstDay.daysInMonth - firstSuch) / 7);
  const day = setPos === -1 ? lastSuch : firstSuch + 7 * (setPos - 1);
  return day > lastSuch ? undefined : firstDay.with({ day });
}

function isNotAfter(date: Temporal.PlainDate, last: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(date, last) <= 0;
}

function isOnWeekday({ byWeekdays }: Recurrence, date: string): boolean {
  return byWeekdays === 'all' || isBusinessDay(date) === (byWeekdays === 'business-days');
}
