// The program as `program/playout/` and the `upcoming` messages show it.
import type { Program, Timeslot } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { found } from '../incomplete-program-error.ts';
import { episodeOf } from './effective-media.ts';
import { entriesOf, type ProgramEntry } from './entries.ts';
import { instantFormat } from './instant-format.ts';

/** `id` is `<start>--<end>`, both RFC 3339 with the station's offset. */
export type PlayoutEntry = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly showId: number;
  readonly timeslotId: number | null;
  readonly mediaId: number | null;
  readonly show: { readonly id: number; readonly name: string; readonly defaultMediaId: number | null };
  readonly schedule: { readonly id: number; readonly defaultMediaId: number | null } | null;
  readonly episode: { readonly id: number; readonly title: string } | null;
  readonly timeslot: {
    readonly id: number;
    readonly start: string;
    readonly end: string;
    readonly isVirtual: boolean;
    readonly memo: string;
    readonly mediaId: number | null;
    readonly repetitionOfId: number | null;
  } | null;
};

/** The window's entries (entries.ts) as they go out. Throws IncompleteProgramError. */
export function playoutOf(program: Program, window: Interval): readonly PlayoutEntry[] {
  const format = instantFormat(program.zone);
  return entriesOf(program, window).map((entry) => playoutEntry(program, entry, format));
}

function playoutEntry(program: Program, entry: ProgramEntry, format: (instantMs: number) => string): PlayoutEntry {
  const start = format(entry.startMs);
  const end = format(entry.endMs);
  const { showId, mediaId, timeslot } = entry;
  const show = found(program.shows, 'show', showId);
  return {
    id: `${start}--${end}`,
    start,
    end,
    showId,
    timeslotId: timeslot?.id ?? null,
    mediaId,
    show: { id: show.id, name: show.name, defaultMediaId: show.defaultMediaId },
    ...(timeslot === null
      ? { schedule: null, episode: null, timeslot: null }
      : {
          schedule: scheduleInPlayout(program, timeslot),
          episode: episodeInPlayout(program, timeslot),
          timeslot: timeslotInPlayout(timeslot, start, end),
        }),
  };
}

function scheduleInPlayout({ schedules }: Program, { scheduleId }: Timeslot): PlayoutEntry['schedule'] {
  const { id, defaultMediaId } = found(schedules, 'schedule', scheduleId);
  return { id, defaultMediaId };
}

function episodeInPlayout(program: Program, timeslot: Timeslot): PlayoutEntry['episode'] {
  const episode = episodeOf(program, timeslot);
  return episode === null ? null : { id: episode.id, title: episode.title };
}

function timeslotInPlayout(timeslot: Timeslot, start: string, end: string): PlayoutEntry['timeslot'] {
  const { id, memo, mediaId, repetitionOfId } = timeslot;
  return { id, start, end, isVirtual: false, memo, mediaId, repetitionOfId };
}
