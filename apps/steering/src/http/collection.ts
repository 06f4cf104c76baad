// What the routes of one collection have in common.
import { RESOURCE_ID_MAX } from '@longwave/contracts';
import { decimalInteger } from '@longwave/runtime';
import { z } from 'zod';
import type { Resource } from '../domain/resource.ts';
import type { Urls } from '../domain/urls.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { Transactions } from '../store/transactions.ts';

export type CollectionDeps = {
  readonly store: ResourceStore;
  readonly transactions: Transactions;
  readonly keys: IdempotencyKeys;
  readonly urls: Urls;
};

/** Who may change the program. */
export const WRITE_PERMISSION = 'program:write';

export const collectionPath = ({ collection }: Resource): string => `/${collection}/`;
export const itemPath = ({ collection }: Resource): string => `/${collection}/:id/`;

export function itemParams({ noun }: Resource) {
  return z.object({
    id: decimalInteger({ min: 1, max: RESOURCE_ID_MAX }).meta({ description: `The ${noun}'s id`, example: 123 }),
  });
}

export const databaseAway = {
  description: 'The database is away',
  problems: ['database-unavailable', 'too-busy', 'writes-paused'],
} as const;

/** Which problems a body with these fields may have, beyond those of every body. */
export function bodyProblems({ references, type }: Resource): readonly string[] {
  return [...(references.length === 0 ? [] : ['unknown-reference']), ...(type === 'show' ? ['predecessor-cycle'] : [])];
}

/** What stands in the way of writing a resource that is itself in order. */
export function conflicts({ type }: Resource) {
  return type === 'show' ? { 409: { description: 'Another show has the slug', problems: ['slug-taken'] } } : {};
}
