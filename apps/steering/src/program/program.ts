// The radio program as plain data: what the store reads in a transaction and hands to the functions of this folder.
// Only what decides about times and media is here; descriptions, hosts and categories are no part of it.
import type { Interval } from './time/interval.ts';

export type ProgramShow = {
  readonly id: number;
  readonly name: string;
  readonly defaultMediaId: number | null;
};

export type ProgramSchedule = {
  readonly id: number;
  readonly showId: number;
  readonly defaultMediaId: number | null;
};

export type ProgramEpisode = {
  readonly id: number;
  readonly title: string;
  readonly mediaId: number | null;
};

/** What a repetition takes from the timeslot it repeats. */
export type OriginalTimeslot = {
  readonly id: number;
  readonly episodeId: number | null;
  readonly mediaId: number | null;
};

/** `repetitionOfId` is the timeslot that this one repeats, never itself a repetition. */
export type Timeslot = Interval &
  OriginalTimeslot & {
    readonly scheduleId: number;
    readonly memo: string;
    readonly repetitionOfId: number | null;
  };

/**
 * A part of the program at one moment. Which part it has to be, each function says that takes one; more than that does
 * no harm.
 */
export type Program = {
  /** IANA time zone of the station. */
  readonly zone: string;
  readonly fallbackShowId: number | null;
  /** Ascending and without overlaps, as they are stored. */
  readonly timeslots: readonly Timeslot[];
  /** By id, at least those that `timeslots` and `fallbackShowId` lead to. */
  readonly shows: ReadonlyMap<number, ProgramShow>;
  readonly schedules: ReadonlyMap<number, ProgramSchedule>;
  readonly episodes: ReadonlyMap<number, ProgramEpisode>;
  /** By id, at least those that `timeslots` repeat. */
  readonly originals: ReadonlyMap<number, OriginalTimeslot>;
};
