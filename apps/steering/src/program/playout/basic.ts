// The program as `program/basic/` shows it: only when and what.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { entriesOf } from './entries.ts';
import { instantFormat } from './instant-format.ts';
import type { PlayoutEntry } from './playout.ts';

export type BasicEntry = Pick<PlayoutEntry, 'id' | 'start' | 'end' | 'showId' | 'timeslotId'>;

/** The window's entries (entries.ts) as they go out. Throws IncompleteProgramError. */
export function basicOf(program: Program, window: Interval): readonly BasicEntry[] {
  const format = instantFormat(program.zone);
  return entriesOf(program, window).map(({ startMs, endMs, showId, timeslot }) => {
    const [start, end] = [format(startMs), format(endMs)];
    return { id: `${start}--${end}`, start, end, showId, timeslotId: timeslot?.id ?? null };
  });
}
