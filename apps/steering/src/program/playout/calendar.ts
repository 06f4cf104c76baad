// The program as `program/calendar/` shows it: entries, and the ids of everything they lead to, for the store to add.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';

export type CalendarEntry = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly isVirtual: boolean;
  readonly showId: number;
  readonly scheduleId: number | null;
  readonly timeslotId: number | null;
  readonly episodeId: number | null;
  readonly mediaId: number | null;
  readonly repetitionOfId: number | null;
};

/** The ids each once, ascending. */
export type Calendar = {
  readonly entries: readonly CalendarEntry[];
  readonly showIds: readonly number[];
  readonly scheduleIds: readonly number[];
  readonly timeslotIds: readonly number[];
  readonly episodeIds: readonly number[];
  readonly mediaIds: readonly number[];
};

export function calendarOf(
  _program: Program,
  _window: Interval,
  _options: { readonly includeVirtual: boolean },
): Calendar {
  throw new Error('There is no calendar yet.');
}
