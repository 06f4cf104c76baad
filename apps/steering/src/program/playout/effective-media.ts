// Which media a timeslot plays. The first that says one decides, all or nothing (P5): the timeslot, its episode, its
// schedule, its show, the fallback show. A repetition that has neither takes both from its original.
import { found } from '../incomplete-program-error.ts';
import type { OriginalTimeslot, Program, ProgramEpisode, Timeslot } from '../program.ts';

/** Null when nobody says any. Throws IncompleteProgramError. */
export function effectiveMediaId(program: Program, timeslot: Timeslot): number | null {
  const schedule = found(program.schedules, 'schedule', timeslot.scheduleId);
  return (
    timeslot.mediaId ??
    originalOf(program, timeslot)?.mediaId ??
    episodeOf(program, timeslot)?.mediaId ??
    schedule.defaultMediaId ??
    found(program.shows, 'show', schedule.showId).defaultMediaId ??
    fallbackMediaId(program)
  );
}

/** What the fallback show plays in gaps; null without a fallback show, too. Throws IncompleteProgramError. */
export function fallbackMediaId({ fallbackShowId, shows }: Program): number | null {
  return fallbackShowId === null ? null : found(shows, 'show', fallbackShowId).defaultMediaId;
}

/** The timeslot's own episode, for a repetition that of its original. Throws IncompleteProgramError. */
export function episodeOf(program: Program, timeslot: Timeslot): ProgramEpisode | null {
  const episodeId = timeslot.episodeId ?? originalOf(program, timeslot)?.episodeId ?? null;
  return episodeId === null ? null : found(program.episodes, 'episode', episodeId);
}

function originalOf({ originals }: Program, { repetitionOfId }: Timeslot): OriginalTimeslot | null {
  return repetitionOfId === null ? null : found(originals, 'original timeslot', repetitionOfId);
}
