// How the demo station says when a show is on air, in few words: `weekly('2019-03-04', '20:00-21:00')`. Dates are those
// on which a show began, years ago, so that what is sent to load the station is the same on every day.
import type { ScheduleInput } from '@longwave/contracts';
import type { MediaKey } from './demo-media.ts';

type Times = `${string}-${string}`;

/** A schedule without its show. `media`: where it does not play what its show does. */
export type Broadcast = Omit<ScheduleInput, 'showId' | 'defaultMediaId' | 'repetitionOfId'> & {
  readonly media?: MediaKey;
  /** Whether it repeats the first broadcast of its show. */
  readonly isRepetition?: true;
};

const rules = {
  daily: { freq: 'daily', interval: 1, bySetPos: null, byWeekdays: 'all' },
  weekly: { freq: 'weekly', interval: 1, bySetPos: null, byWeekdays: 'all' },
  monthly: { freq: 'monthly', interval: 1, bySetPos: 1, byWeekdays: 'all' },
  once: { freq: 'once', interval: 1, bySetPos: null, byWeekdays: 'all' },
} as const satisfies Readonly<Record<string, ScheduleInput['rrule']>>;

export const daily = (since: string, times: Times): Broadcast => broadcast(rules.daily, since, times);

export const businessDays = (since: string, times: Times): Broadcast =>
  broadcast({ ...rules.daily, byWeekdays: 'business-days' }, since, times);

export const weekends = (since: string, times: Times): Broadcast =>
  broadcast({ ...rules.daily, byWeekdays: 'weekends' }, since, times);

/** On the weekday of `since`. */
export const weekly = (since: string, times: Times): Broadcast => broadcast(rules.weekly, since, times);

export const everyWeeks = (interval: number, since: string, times: Times): Broadcast =>
  broadcast({ ...rules.weekly, interval }, since, times);

/** The first to fourth, or the last (-1), weekday of `since` in a month. */
export const monthly = (bySetPos: 1 | 2 | 3 | 4 | -1, since: string, times: Times): Broadcast =>
  broadcast({ ...rules.monthly, bySetPos }, since, times);

export const once = (date: string, times: Times): Broadcast => broadcast(rules.once, date, times);

/** The same dates, so many days later. `media`: the recording of what was live. */
export function again(
  original: Broadcast,
  times: Times,
  later: { readonly days: number; readonly media?: MediaKey },
): Broadcast {
  const { days: addDaysNo, ...media } = later;
  return { ...original, ...clockTimes(times), ...media, addDaysNo, isRepetition: true };
}

/** As `again`, without counting Saturdays and Sundays. */
export function againOnBusinessDays(...given: Parameters<typeof again>): Broadcast {
  return { ...again(...given), addBusinessDaysOnly: true };
}

/** The last one there was, at times of its own. */
export function lastOne(broadcastOfItsOwn: Broadcast, media?: MediaKey): Broadcast {
  return { ...broadcastOfItsOwn, ...(media === undefined ? {} : { media }), isRepetition: true };
}

function broadcast(rrule: ScheduleInput['rrule'], firstDate: string, times: Times): Broadcast {
  return { rrule, firstDate, ...clockTimes(times), lastDate: null, addDaysNo: 0, addBusinessDaysOnly: false };
}

function clockTimes(times: Times): Pick<ScheduleInput, 'startTime' | 'endTime'> {
  const [start = '', end = ''] = times.split('-');
  return { startTime: `${start}:00`, endTime: `${end}:00` };
}
