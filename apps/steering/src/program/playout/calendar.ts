// The program as `program/calendar/` shows it: entries, and the ids of everything they lead to, for the store to add.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { episodeOf } from './effective-media.ts';
import { entriesOf, type ProgramEntry } from './entries.ts';
import { instantFormat } from './instant-format.ts';

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

/** The window's entries (entries.ts) as they go out, virtual ones only if asked for. Throws IncompleteProgramError. */
export function calendarOf(
  program: Program,
  window: Interval,
  { includeVirtual }: { readonly includeVirtual: boolean },
): Calendar {
  const format = instantFormat(program.zone);
  const entries = entriesOf(program, window)
    .filter(({ timeslot }) => includeVirtual || timeslot !== null)
    .map((entry) => calendarEntry(program, entry, format));
  return {
    entries,
    showIds: idsOf(entries.map(({ showId }) => showId)),
    scheduleIds: idsOf(entries.map(({ scheduleId }) => scheduleId)),
    timeslotIds: idsOf(entries.map(({ timeslotId }) => timeslotId)),
    episodeIds: idsOf(entries.map(({ episodeId }) => episodeId)),
    mediaIds: idsOf(entries.map(({ mediaId }) => mediaId)),
  };
}

function calendarEntry(program: Program, entry: ProgramEntry, format: (instantMs: number) => string): CalendarEntry {
  const { startMs, endMs, showId, mediaId, timeslot } = entry;
  const [start, end] = [format(startMs), format(endMs)];
  return {
    id: `${start}--${end}`,
    start,
    end,
    isVirtual: timeslot === null,
    showId,
    scheduleId: timeslot?.scheduleId ?? null,
    timeslotId: timeslot?.id ?? null,
    episodeId: timeslot === null ? null : (episodeOf(program, timeslot)?.id ?? null),
    mediaId,
    repetitionOfId: timeslot?.repetitionOfId ?? null,
  };
}

function idsOf(ids: readonly (number | null)[]): readonly number[] {
  return [...new Set(ids.filter((id) => id !== null))].toSorted((left, right) => left - right);
}
