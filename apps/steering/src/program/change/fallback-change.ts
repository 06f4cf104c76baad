// Which timeframes a change of the fallback show, or of its media, touches: those with gaps, between today and the last
// timeslot that there is. Beyond that the gap is endless, and so would be the messages.
import { fallbackMediaId } from '../playout/effective-media.ts';
import { datesWithGaps } from '../playout/gaps.ts';
import type { Program } from '../program.ts';
import { datesBetween } from '../time/calendar-date.ts';
import type { Interval } from '../time/interval.ts';
import { dateOf } from '../time/local-time.ts';
import { intervalOfMonth, intervalOfWeek, noTimeframes, timeframesOf, type Timeframes } from '../time/timeframe.ts';

/**
 * Everything such a decision has to know: the weeks and months, whole, of all days from now to `lastEndMs`, the end of
 * the last timeslot that there is (any earlier one when there is none after now).
 */
export function fallbackScope(zone: string, nowMs: number, lastEndMs: number): Interval {
  return wholeScope(zone, daysInQuestion(zone, nowMs, lastEndMs));
}

/** None when the fallback show and its media are what they were. Both programs hold fallbackScope. */
export function fallbackTimeframes(before: Program, after: Program, nowMs: number): Timeframes {
  if (before.fallbackShowId === after.fallbackShowId && fallbackMediaId(before) === fallbackMediaId(after)) {
    return noTimeframes;
  }
  const lastEndMs = Math.max(nowMs, ...[before, after].map(({ timeslots }) => timeslots.at(-1)?.endMs ?? nowMs));
  const inQuestion = daysInQuestion(after.zone, nowMs, lastEndMs);
  const scope = wholeScope(after.zone, inQuestion);
  const withGaps = timeframesOf([...virtualDates(before, scope), ...virtualDates(after, scope)]);
  return inBoth(inQuestion, withGaps);
}

function daysInQuestion(zone: string, nowMs: number, lastEndMs: number): Timeframes {
  return timeframesOf(datesBetween(dateOf(zone, nowMs), dateOf(zone, Math.max(nowMs, lastEndMs - 1))));
}

/** A week or a month is touched by a gap anywhere in it, also before today. */
function wholeScope(zone: string, { weeks, months }: Timeframes): Interval {
  const intervals = [
    ...ends(weeks).map((week) => intervalOfWeek(zone, week)),
    ...ends(months).map((month) => intervalOfMonth(zone, month)),
  ];
  return {
    startMs: Math.min(...intervals.map(({ startMs }) => startMs)),
    endMs: Math.max(...intervals.map(({ endMs }) => endMs)),
  };
}

function virtualDates({ fallbackShowId, timeslots, zone }: Program, scope: Interval): readonly string[] {
  return fallbackShowId === null ? [] : datesWithGaps(timeslots, zone, scope);
}

function inBoth(left: Timeframes, right: Timeframes): Timeframes {
  const common = (names: readonly string[], others: readonly string[]): readonly string[] => {
    const known = new Set(others);
    return names.filter((name) => known.has(name));
  };
  return {
    dates: common(left.dates, right.dates),
    weeks: common(left.weeks, right.weeks),
    months: common(left.months, right.months),
  };
}

function ends<Item>(items: readonly Item[]): readonly Item[] {
  return [...items.slice(0, 1), ...items.slice(-1)];
}
