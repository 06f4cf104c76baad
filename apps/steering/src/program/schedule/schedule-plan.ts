// When a schedule broadcasts, as its owner said it: local dates and times, a rule, and what it repeats.

/** 1 to 5 is the first to the fifth such weekday of a month, -1 the last. */
export type SetPos = 1 | 2 | 3 | 4 | 5 | -1;

/** `business-days` are Monday to Friday; holidays are not known. */
export type Weekdays = 'all' | 'business-days' | 'weekends';

/**
 * How a first date goes on. `interval` counts days, weeks or months. The weekday of weekly and monthly rules is that of
 * the first date. `bySetPos` is for monthly rules (all others: null), `byWeekdays` for daily ones (all others: `all`).
 */
export type Recurrence = {
  readonly freq: 'once' | 'daily' | 'weekly' | 'monthly';
  readonly interval: number;
  readonly bySetPos: SetPos | null;
  readonly byWeekdays: Weekdays;
};

/** Dates are `YYYY-MM-DD` and times `HH:MM:SS`, both as clocks and calendars in the station show them. */
export type SchedulePlan = {
  readonly rrule: Recurrence;
  readonly firstDate: string;
  /** The last date of the rule, included. Null: goes on, planned a rolling year ahead. */
  readonly lastDate: string | null;
  readonly startTime: string;
  /** Before `startTime`: on the next day. Equal to it: no plan, see plan-problems.ts. */
  readonly endTime: string;
  /** The schedule that this one repeats. */
  readonly repetitionOfId: number | null;
  /** Every date of the rule is moved by so many days; 0 for none. */
  readonly addDaysNo: number;
  /** Whether Saturdays and Sundays are not counted by `addDaysNo`. */
  readonly addBusinessDaysOnly: boolean;
};
