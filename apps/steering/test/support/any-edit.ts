// Edits of a program by chance: of timeslots, of media at every level, of names, of the fallback show.
import fc from 'fast-check';
import type { Program, Timeslot } from '../../src/program/program.ts';
import { QUARTER_MS } from './naive-playout.ts';
import { programOf } from './program.ts';

export const EDITABLE_DAYS = 40;
const WEEK_QUARTERS = 7 * 96;

/** Numbers are taken modulo what there is. */
export type Edit = {
  readonly kind: (typeof kinds)[number];
  readonly which: number;
  readonly quarter: number;
  readonly length: number;
  readonly value: number | null;
};

const kinds = [
  'create',
  'create',
  'create-weekly',
  'create-repetition',
  'move',
  'move',
  'delete',
  'timeslot-media',
  'timeslot-episode',
  'timeslot-memo',
  'schedule-media',
  'schedule-show',
  'show-media',
  'show-name',
  'episode-media',
  'episode-title',
  'fallback-show',
] as const;

export const anyEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...kinds),
  which: fc.nat(1000),
  quarter: fc.nat(96 * EDITABLE_DAYS - 1),
  length: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 })),
  value: fc.option(fc.integer({ min: 1, max: 3 })),
});

/** An edit that is not possible changes nothing. `beginMs` is the first instant that is edited. */
export function edited(program: Program, edit: Edit, beginMs: number): Program {
  const target = program.timeslots[edit.which % Math.max(1, program.timeslots.length)];
  switch (edit.kind) {
    case 'create':
      return withNew(program, edit, beginMs, [0]);
    case 'create-weekly':
      return withNew(
        program,
        edit,
        beginMs,
        [0, 1, 2, 3].map((week) => week * WEEK_QUARTERS),
      );
    case 'create-repetition':
      return target?.repetitionOfId === null ? withNew(program, edit, beginMs, [0], target.id) : program;
    case 'move':
      return target === undefined ? program : withTimeslot(program, { ...target, ...spanOf(edit, beginMs, 0) });
    case 'delete':
      return withTimeslots(
        program,
        program.timeslots.filter(
          ({ id, repetitionOfId }) => id !== target?.id && repetitionOfId !== (target?.id ?? -1),
        ),
      );
    case 'timeslot-media':
      return target === undefined ? program : withTimeslot(program, { ...target, mediaId: edit.value });
    case 'timeslot-episode':
      return target === undefined ? program : withTimeslot(program, { ...target, episodeId: edit.value });
    case 'timeslot-memo':
      return target === undefined ? program : withTimeslot(program, { ...target, memo: `memo ${edit.value}` });
    default:
      return withOther(program, edit);
  }
}

function withOther(program: Program, { kind, which, value }: Edit): Program {
  const schedule = [...program.schedules.values()][which % program.schedules.size];
  const show = [...program.shows.values()][which % program.shows.size];
  const episode = [...program.episodes.values()][which % program.episodes.size];
  switch (kind) {
    case 'schedule-media':
      return { ...program, schedules: replaced(program.schedules, schedule, { defaultMediaId: value }) };
    case 'schedule-show':
      return { ...program, schedules: replaced(program.schedules, schedule, { showId: show?.id ?? 1 }) };
    case 'show-media':
      return { ...program, shows: replaced(program.shows, show, { defaultMediaId: value }) };
    case 'show-name':
      return { ...program, shows: replaced(program.shows, show, { name: `Name ${value}` }) };
    case 'episode-media':
      return { ...program, episodes: replaced(program.episodes, episode, { mediaId: value }) };
    case 'episode-title':
      return { ...program, episodes: replaced(program.episodes, episode, { title: `Title ${value}` }) };
    default:
      return { ...program, fallbackShowId: value === null ? null : (show?.id ?? null) };
  }
}

function withNew(
  program: Program,
  edit: Edit,
  beginMs: number,
  offsets: readonly number[],
  repetitionOfId: number | null = null,
): Program {
  const scheduleId = [...program.schedules.keys()][edit.which % program.schedules.size] ?? 10;
  // A repetition has nothing of its own, so that it plays what its original does.
  const mediaId = repetitionOfId === null ? edit.value : null;
  const content = { scheduleId, episodeId: null, mediaId, memo: '', repetitionOfId };
  const firstId = 1 + Math.max(0, ...program.originals.keys());
  return offsets.reduce(
    (result, offset, index) =>
      withTimeslot(result, { id: firstId + index, ...content, ...spanOf(edit, beginMs, offset) }),
    program,
  );
}

function spanOf({ quarter, length }: Edit, beginMs: number, offset: number): { startMs: number; endMs: number } {
  const startMs = beginMs + (quarter + offset) * QUARTER_MS;
  return { startMs, endMs: startMs + length * QUARTER_MS };
}

/** Adds or replaces it, unless others are in its way. */
function withTimeslot(program: Program, timeslot: Timeslot): Program {
  const others = program.timeslots.filter(({ id }) => id !== timeslot.id);
  const isFree = others.every(({ startMs, endMs }) => endMs <= timeslot.startMs || timeslot.endMs <= startMs);
  return isFree ? withTimeslots(program, [...others, timeslot]) : program;
}

function withTimeslots(program: Program, timeslots: readonly Timeslot[]): Program {
  const { timeslots: sorted, originals } = programOf({ timeslots });
  return { ...program, timeslots: sorted, originals };
}

function replaced<Item extends { readonly id: number }>(
  items: ReadonlyMap<number, Item>,
  item: Item | undefined,
  changes: Partial<Item>,
): ReadonlyMap<number, Item> {
  return item === undefined ? items : new Map(items).set(item.id, { ...item, ...changes });
}
