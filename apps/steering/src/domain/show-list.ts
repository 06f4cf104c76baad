// Which shows a list has and where its pages begin.
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { foldText } from './folded-text.ts';
import { SHOW_ID_MAX, type ShowRecord } from './show.ts';

export const showOrders = ['id', '-id', 'name', '-name', 'updatedAt', '-updatedAt'] as const;
export type ShowOrder = (typeof showOrders)[number];

/** What is absent does not restrict. `nameContains` is compared without case and accents. */
export type ShowFilters = {
  readonly isActive?: boolean | undefined;
  readonly isPublic?: boolean | undefined;
  readonly slug?: string | undefined;
  readonly ids?: readonly number[] | undefined;
  readonly nameContains?: string | undefined;
};

/** The last show of the page before: its id, and what the list is ordered by. */
export type ShowPosition =
  | { readonly by: 'id'; readonly id: number }
  | { readonly by: 'name'; readonly foldedName: string; readonly id: number }
  | { readonly by: 'updatedAt'; readonly updatedAt: Date; readonly id: number };

/** The end of the year 9999: more than Postgres needs, less than it refuses. */
const TIME_MS_MAX = 253_402_300_799_999;

const id = z.int().min(1).max(SHOW_ID_MAX);
// A text with a NUL or half a surrogate pair would be refused by Postgres, as an error of ours.
const foldedName = z.string().refine((text) => foldText(text) === text && !text.includes('\u0000'));

const positions = {
  id: z.tuple([id]),
  name: z.tuple([foldedName, id]),
  updatedAt: z.tuple([z.int().min(0).max(TIME_MS_MAX), id]),
} as const;

export function directionOf(order: ShowOrder): 'asc' | 'desc' {
  return order.startsWith('-') ? 'desc' : 'asc';
}

export function fieldOf(order: ShowOrder): 'id' | 'name' | 'updatedAt' {
  switch (order) {
    case 'id':
    case '-id':
      return 'id';
    case 'name':
    case '-name':
      return 'name';
    case 'updatedAt':
    case '-updatedAt':
      return 'updatedAt';
  }
}

export function showCursor(order: ShowOrder, filters: ShowFilters, last: ShowRecord): string {
  return encodeCursor(scopeOf(order, filters), positionOf(fieldOf(order), last));
}

/** Throws InvalidCursorError. */
export function readShowCursor(order: ShowOrder, filters: ShowFilters, cursor: string): ShowPosition {
  const scope = scopeOf(order, filters);
  const by = fieldOf(order);
  if (by === 'id') return { by, id: decodeCursor(scope, cursor, positions.id)[0] };
  if (by === 'name') {
    const [name, showId] = decodeCursor(scope, cursor, positions.name);
    return { by, foldedName: name, id: showId };
  }
  const [updatedAtMs, showId] = decodeCursor(scope, cursor, positions.updatedAt);
  return { by, updatedAt: new Date(updatedAtMs), id: showId };
}

function scopeOf(order: ShowOrder, { isActive, isPublic, slug, ids, nameContains }: ShowFilters): unknown {
  return ['shows', order, isActive ?? null, isPublic ?? null, slug ?? null, ids ?? null, nameContains ?? null];
}

function positionOf(by: 'id' | 'name' | 'updatedAt', show: ShowRecord): readonly (string | number)[] {
  if (by === 'id') return [show.id];
  if (by === 'name') return [foldText(show.name), show.id];
  return [show.updatedAt.getTime(), show.id];
}
