// A show as an answer.
import { show } from '@longwave/contracts';
import type { Reply } from '@longwave/runtime';
import { representShow, type ShowRecord } from '../domain/show.ts';
import { entityTag } from './entity-tag.ts';

export function showReply(
  status: 200 | 201,
  record: ShowRecord,
): Reply & { readonly headers: { readonly etag: string } } {
  return { status, body: representShow(record), headers: { etag: entityTag(record) } };
}

/** For the declarations of routes. */
export const showAnswer = { body: show, headers: { etag: 'The version of the show' } } as const;
