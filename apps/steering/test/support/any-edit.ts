// Edits of a program by chance: of timeslots, of media at every level, of names, of the fallback show.
import fc from 'fast-check';
import type { Program, Timeslot } from '../../src/program/program.ts';
import { QUARTER_MS } from './naive-playout.ts';
import { programOf } from './program.ts';

export const EDITABLE_DAYS = 40;
const WEEK_QUARTERS = 7 * 96;

/** Numbers are taken modulo what there is. */
export type Edit = {
  readonly kind: keyof typeof edits;
  readonly which: number;
  readonly quarter: number;
  readonly length: number;
  readonly value: number | null;
};

/** An edit that is not possible changes nothing. `beginMs` is the first instant that is edited. */
export function edited(program: Program, edit: Edit, beginMs: number): Program {
  return edits[edit.kind](program, edit, beginMs);
}

const edits = {
  create: (program: Program, edit: Edit, beginMs: number) => withNew(program, edit, beginMs, [0]),
  'create-weekly': (program: Program, edit: Edit, beginMs: number) =>
    withNew(
      program,
      edit,
      beginMs,
      [0, 1, 2, 3].map((week) => week * WEEK_QUARTERS),
    ),
  'create-repetition': ofTimeslot((program, target, edit, beginMs) =>
    target.repetitionOfId === null ? withNew(program, edit, beginMs, [0], target.id) : program,
  ),
  move: ofTimeslot((program, target, edit, beginMs) =>
    withTimeslot(program, { ...target, ...spanOf(edit, beginMs, 0) }),
  ),
  delete: ofTimeslot((program, target) =>
    withTimeslots(
      program,
      program.timeslots.filter(({ id, repetitionOfId }) => id !== target.id && repetitionOfId !== target.id),
    ),
  ),
  'timeslot-media': ofTimeslot((program, target, { value }) => withTimeslot(program, { ...target, mediaId: value })),
  'timeslot-episode': ofTimeslot((program, target, { value }) =>
    withTimeslot(program, { ...target, episodeId: value }),
  ),
  'timeslot-memo': ofTimeslot((program, target, { value }) => withTimeslot(program, { ...target, memo: `${value}` })),
  'schedule-media': (program: Program, { which, value }: Edit) => ({
    ...program,
    schedules: replaced(program.schedules, which, { defaultMediaId: value }),
  }),
  'schedule-show': (program: Program, { which, quarter }: Edit) => ({
    ...program,
    schedules: replaced(program.schedules, which, { showId: chosen(program.shows, quarter)?.id ?? 1 }),
  }),
  'show-media': (program: Program, { which, value }: Edit) => ({
    ...program,
    shows: replaced(program.shows, which, { defaultMediaId: value }),
  }),
  'show-name': (program: Program, { which, value }: Edit) => ({
    ...program,
    shows: replaced(program.shows, which, { name: `Name ${value}` }),
  }),
  'episode-media': (program: Program, { which, value }: Edit) => ({
    ...program,
    episodes: replaced(program.episodes, which, { mediaId: value }),
  }),
  'episode-title': (program: Program, { which, value }: Edit) => ({
    ...program,
    episodes: replaced(program.episodes, which, { title: `Title ${value}` }),
  }),
  'fallback-show': (program: Program, { which, value }: Edit) => ({
    ...program,
    fallbackShowId: value === null ? null : (chosen(program.shows, which)?.id ?? null),
  }),
};

// Object.keys forgets which keys they are.
const kinds = Object.keys(edits) as (keyof typeof edits)[];

export const anyEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    { weight: 1, arbitrary: fc.constantFrom('create', 'create-repetition', 'move') },
  ),
  which: fc.nat(1000),
  quarter: fc.nat(96 * EDITABLE_DAYS - 1),
  length: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 })),
  value: fc.option(fc.integer({ min: 1, max: 3 })),
});

/** An edit of one timeslot; without any it changes nothing. */
function ofTimeslot(
  edit: (program: Program, target: Timeslot, given: Edit, beginMs: number) => Program,
): (program: Program, given: Edit, beginMs: number) => Program {
  return (program, given, beginMs) => {
    const target = program.timeslots[given.which % Math.max(1, program.timeslots.length)];
    return target === undefined ? program : edit(program, target, given, beginMs);
  };
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
  which: number,
  changes: Partial<Item>,
): ReadonlyMap<number, Item> {
  const item = chosen(items, which);
  return item === undefined ? items : new Map(items).set(item.id, { ...item, ...changes });
}

function chosen<Item>(items: ReadonlyMap<number, Item>, which: number): Item | undefined {
  return [...items.values()][which % Math.max(1, items.size)];
}
