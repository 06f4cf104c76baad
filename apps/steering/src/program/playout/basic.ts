// The program as `program/basic/` shows it: only when and what.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { playoutOf, type PlayoutEntry } from './playout.ts';

export type BasicEntry = Pick<PlayoutEntry, 'id' | 'start' | 'end' | 'showId' | 'timeslotId'>;

export function basicOf(program: Program, window: Interval): readonly BasicEntry[] {
  return playoutOf(program, window);
}
