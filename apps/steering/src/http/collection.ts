// What the routes of one collection have in common.
import { RESOURCE_ID_MAX } from '@longwave/contracts';
import { decimalInteger } from '@longwave/runtime';
import { z } from 'zod';
import type { Resource } from '../domain/resource.ts';
import type { Urls } from '../domain/urls.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import type { ResourceReader, ResourceStore, ResourceWriter } from '../store/resource-store.ts';
import type { Transactions } from '../store/transactions.ts';

/** `Store`: what the routes need to be able to do. */
export type CollectionDeps<Store extends ResourceReader = ResourceStore> = {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly keys: IdempotencyKeys;
  readonly urls: Urls;
};

/** For routes that change or delete, and make nothing. */
export type ChangeDeps = CollectionDeps<ResourceReader & Omit<ResourceWriter, 'create'>>;

/** `a show`, `an episode`. */
export function aNoun({ noun }: Resource): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

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

/** What the problem `in-use` says beyond what every problem says. */
export const inUse = {
  problems: ['in-use'],
  members: z.object({
    dependents: z
      .array(z.object({ type: z.string(), id: z.int(), name: z.string(), url: z.string() }))
      .meta({ description: 'What refers to it: the first hundred' }),
    dependentsCount: z.int().meta({ description: 'How many they are' }),
  }),
} as const;

/** Which problems a body may have beyond those of every body, and what stands in the way of one that is in order. */
const special: Readonly<
  Record<string, { readonly body?: readonly string[]; readonly conflict?: ConflictDeclaration }>
> = {
  show: {
    body: ['predecessor-cycle'],
    conflict: { description: 'Another show has the slug', problems: ['slug-taken'] },
  },
  timeslot: {
    body: ['impossible-times'],
    conflict: { description: 'It cannot be at that time', problems: ['timeslot-overlap', 'repetition-too-early'] },
  },
  'radio-settings': {
    conflict: { description: 'There are timeslots in the present time zone', problems: ['time-zone-fixed'] },
  },
};

type ConflictDeclaration = { readonly description: string; readonly problems: readonly string[] };

export function bodyProblems({ references, type }: Resource): readonly string[] {
  return [...(references.length === 0 ? [] : ['unknown-reference']), ...(special[type]?.body ?? [])];
}

/** For the declarations of routes. */
export function conflicts({ type }: Resource): { readonly 409?: ConflictDeclaration } {
  const found = special[type]?.conflict;
  return found === undefined ? {} : { 409: found };
}
