// What a show is, what replacing and patching make of it, and how it is shown. Pure: no I/O, no clock.
import { isDeepStrictEqual } from 'node:util';
import type { Show, ShowInput, ShowPatch } from '@longwave/contracts';

/** Everything of a show that a client decides. */
export type ShowContent = Readonly<Omit<Show, 'id' | 'createdAt' | 'updatedAt'>>;

/** A stored show. `revision` is 1 for a new one and grows by one with each change. */
export type ShowRecord = ShowContent & {
  readonly id: number;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The largest id that the column can hold. */
export const SHOW_ID_MAX = 2_147_483_647;

/** What PUT makes of a show: everything is replaced, except that a slug nobody names stays, because addresses stay. */
export function replaceShow(current: ShowContent, input: ShowInput): ShowContent {
  return { ...input, slug: input.slug ?? current.slug };
}

/** What PATCH makes of a show, as RFC 7396 says: absent members stay, arrays are replaced whole. */
export function patchShow(current: ShowContent, patch: ShowPatch): ShowContent {
  return {
    name: patch.name ?? current.name,
    slug: patch.slug ?? current.slug,
    shortDescription: patch.shortDescription ?? current.shortDescription,
    description: patch.description ?? current.description,
    internalNote: patch.internalNote ?? current.internalNote,
    languages: patch.languages ?? current.languages,
    links: patch.links ?? current.links,
    isActive: patch.isActive ?? current.isActive,
    isPublic: patch.isPublic ?? current.isPublic,
    // Null is a value here: no predecessor.
    predecessorId: patch.predecessorId === undefined ? current.predecessorId : patch.predecessorId,
  };
}

export function isSameShow(left: ShowContent, right: ShowContent): boolean {
  return isDeepStrictEqual(contentOf(left), contentOf(right));
}

/** The show as the API answers it. */
export function representShow(record: ShowRecord): Show {
  const { id, createdAt, updatedAt } = record;
  return { id, ...contentOf(record), createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

function contentOf(show: ShowContent): ShowContent {
  return {
    name: show.name,
    slug: show.slug,
    shortDescription: show.shortDescription,
    description: show.description,
    internalNote: show.internalNote,
    languages: show.languages,
    links: show.links,
    isActive: show.isActive,
    isPublic: show.isPublic,
    predecessorId: show.predecessorId,
  };
}
