// Where nothing is planned. A gap ends at the station's midnight, where another begins (P2): so whatever changes in a day
// changes the answers for that day alone, and for the week and the month that it lies in.
import { addDays } from '../time/calendar-date.ts';
import type { Interval } from '../time/interval.ts';
import { dateOf, midnightOf } from '../time/local-time.ts';
import { overlapping } from '../time/overlapping.ts';

/** The gaps between the timeslots, ascending. `scope` is whole days, `timeslots` all that overlap it, ascending. */
export function gapsBetween(timeslots: readonly Interval[], zone: string, scope: Interval): readonly Interval[] {
  return daysOf(zone, scope).flatMap((day) => gapsOfDay(day, overlapping(timeslots, day)));
}

/** The dates that have any, ascending; all else as above. */
export function datesWithGaps(timeslots: readonly Interval[], zone: string, scope: Interval): readonly string[] {
  return daysOf(zone, scope)
    .filter((day) => gapsOfDay(day, overlapping(timeslots, day)).length > 0)
    .map(({ date }) => date);
}

type Day = Interval & { readonly date: string };

function gapsOfDay(day: Interval, timeslots: readonly Interval[]): readonly Interval[] {
  const begins = [day.startMs, ...timeslots.map(({ endMs }) => endMs)];
  const ends = [...timeslots.map(({ startMs }) => startMs), day.endMs];
  return begins
    .map((startMs, index) => ({ startMs, endMs: ends[index] ?? day.endMs }))
    .filter(({ startMs, endMs }) => startMs < endMs);
}

function daysOf(zone: string, scope: Interval): readonly Day[] {
  const days: Day[] = [];
  let { startMs } = scope;
  for (let date = dateOf(zone, startMs); startMs < scope.endMs;) {
    const next = addDays(date, 1);
    const endMs = midnightOf(zone, next);
    days.push({ date, startMs, endMs });
    startMs = endMs;
    date = next;
  }
  return days;
}
