// The program as `program/playout/` and the `upcoming` messages show it.
import type { Program } from '../program.ts';
import type { Interval } from '../time/interval.ts';
import { entriesOf } from './entries.ts';

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

export function playoutOf(program: Program, window: Interval): readonly PlayoutEntry[] {
  return entriesOf(program, window).map(() => {
    throw new Error('There is no playout yet.');
  });
}
