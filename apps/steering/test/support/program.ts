// Programs for tests, in few words. Schedule 10 belongs to show 1, schedule 20 to show 2; show 9 is for gaps.
import type {
  OriginalTimeslot,
  Program,
  ProgramEpisode,
  ProgramSchedule,
  ProgramShow,
  Timeslot,
} from '../../src/program/program.ts';
import { instantOf } from '../../src/program/time/local-time.ts';

export const VIENNA = 'Europe/Vienna';

/** The instant of `2026-11-21 20:00` in the zone. */
export function at(text: string, zone = VIENNA): number {
  const [date = '', time = ''] = text.split(' ');
  return instantOf(zone, date, time.length === 'HH:MM'.length ? `${time}:00` : time);
}

/** A timeslot of schedule 10, from and until `2026-11-21 20:00`. */
export function slot(id: number, start: string, end: string, rest: Partial<Timeslot> = {}, zone = VIENNA): Timeslot {
  const content = { scheduleId: 10, episodeId: null, mediaId: null, memo: '', repetitionOfId: null };
  return { id, startMs: at(start, zone), endMs: at(end, zone), ...content, ...rest };
}

export type ProgramParts = {
  readonly zone?: string;
  readonly fallbackShowId?: number | null;
  readonly timeslots?: readonly Timeslot[];
  readonly shows?: readonly ProgramShow[];
  readonly schedules?: readonly ProgramSchedule[];
  readonly episodes?: readonly ProgramEpisode[];
  readonly originals?: readonly OriginalTimeslot[];
};

/** What is given replaces what is there by its id; there is no fallback show unless one is given. */
export function programOf(parts: ProgramParts): Program {
  const shows = [1, 2, 9].map((id) => ({ id, name: `Show ${id}`, defaultMediaId: null }));
  const schedules = [1, 2, 9].map((showId) => ({ id: 10 * showId, showId, defaultMediaId: null }));
  return {
    zone: parts.zone ?? VIENNA,
    fallbackShowId: parts.fallbackShowId ?? null,
    timeslots: (parts.timeslots ?? []).toSorted((left, right) => left.startMs - right.startMs),
    shows: byId([...shows, ...(parts.shows ?? [])]),
    schedules: byId([...schedules, ...(parts.schedules ?? [])]),
    episodes: byId(parts.episodes ?? []),
    originals: byId([...(parts.timeslots ?? []), ...(parts.originals ?? [])]),
  };
}

function byId<Item extends { readonly id: number }>(items: readonly Item[]): ReadonlyMap<number, Item> {
  return new Map(items.map((item) => [item.id, item]));
}
