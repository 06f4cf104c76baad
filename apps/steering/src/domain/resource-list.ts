// Which resources a list has and where its pages begin.
import { RESOURCE_ID_MAX } from '@longwave/contracts';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { foldText } from './folded-text.ts';
import type { Order, Resource } from './resource.ts';

/** A list's order: a column and, after it, the id; or the id alone. */
export type ListOrder = { readonly name: string; readonly by: Order | undefined; readonly direction: 'asc' | 'desc' };

/** The last item of the page before: its id, and its value in the column that the list is ordered by. */
export type ListPosition = { readonly id: number; readonly value?: string | Date };

/** What was asked: the parameters as they were read, which decide what a cursor means. */
export type ListScope = { readonly collection: string; readonly order: string; readonly filters: object };

/** The names that a client may order by, `-` for descending. */
export function orderNames({ orders }: Pick<Resource, 'orders'>): readonly [string, ...string[]] {
  const names = Object.keys(orders).flatMap((name) => [name, `-${name}`]);
  return ['id', '-id', ...names];
}

/** `name` is one of `orderNames`. */
export function listOrder({ orders }: Pick<Resource, 'orders'>, name: string): ListOrder {
  const bare = name.replace(/^-/, '');
  return { name, by: orders[bare], direction: name.startsWith('-') ? 'desc' : 'asc' };
}

/** The end of the year 9999: more than Postgres needs, less than it refuses. */
const TIME_MS_MAX = 253_402_300_799_999;

const id = z.int().min(1).max(RESOURCE_ID_MAX);
// A text with a NUL or half a surrogate pair would be refused by Postgres, as an error of ours.
const foldedText = z.string().refine((text) => foldText(text) === text && !text.includes('\u0000'));

export function listCursor(scope: ListScope, { by }: ListOrder, { id: lastId, value }: ListPosition): string {
  const written = value instanceof Date ? value.getTime() : value;
  return encodeCursor(scope, by === undefined ? [lastId] : [written, lastId]);
}

/** Throws InvalidCursorError. */
export function readListCursor(scope: ListScope, { by }: ListOrder, cursor: string): ListPosition {
  if (by === undefined) return { id: decodeCursor(scope, cursor, z.tuple([id]))[0] };
  if (by.kind === 'text') {
    const [value, lastId] = decodeCursor(scope, cursor, z.tuple([foldedText, id]));
    return { value, id: lastId };
  }
  const [ms, lastId] = decodeCursor(scope, cursor, z.tuple([z.int().min(0).max(TIME_MS_MAX), id]));
  return { value: new Date(ms), id: lastId };
}
