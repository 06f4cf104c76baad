// Conditional changes (RFC 9110, section 13): whoever says which version was seen changes that version or nothing.
// Reads need none of this: If-None-Match of a GET is answered where replies are sent.
import { preconditionFailed } from '@longwave/runtime';
import { z } from 'zod';
import { entityTag } from './entity-tag.ts';

/** `*`, or the tags of the list as they were written, `W/` included. */
type EntityTags = '*' | readonly string[];

const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const tagList = new RegExp(`^(?:\\*|${TAG}(?:[ \\t]*,[ \\t]*${TAG})*)$`);

const entityTags = z
  .string()
  .max(4_096)
  .regex(tagList, 'Invalid input: expected * or entity tags such as "3"')
  .transform((text): EntityTags => (text === '*' ? '*' : (text.match(new RegExp(TAG, 'g')) ?? [])))
  .optional();

export const ifMatchHeader = entityTags.meta({
  description: 'Change it only if it still has this ETag; otherwise 412',
  example: '"3"',
});
export const ifNoneMatchHeader = entityTags.meta({
  description: '`*`: only if it is not there yet; otherwise 412',
  example: '*',
});

export type Preconditions = {
  readonly 'if-match'?: EntityTags | undefined;
  readonly 'if-none-match'?: EntityTags | undefined;
};

/**
 * `current` is undefined when the thing is not there.
 * @throws Problem 412 `precondition-failed`
 */
export function checkPreconditions(
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: Preconditions,
  current: { readonly revision: number } | undefined,
): void {
  const tag = current === undefined ? undefined : entityTag(current);
  if (ifMatch !== undefined && !names(ifMatch, tag)) throw preconditionFailed();
  // Weak comparison, which for our strong tags is to look past the W/.
  if (ifNoneMatch !== undefined && names(withoutWeakness(ifNoneMatch), tag)) {
    throw preconditionFailed({ detail: 'The resource is there already, in the version named by If-None-Match.' });
  }
}

/** Strong comparison: a tag that says it is weak names nothing. */
function names(tags: EntityTags, tag: string | undefined): boolean {
  return tag !== undefined && (tags === '*' || tags.includes(tag));
}

function withoutWeakness(tags: EntityTags): EntityTags {
  return tags === '*' ? tags : tags.map((tag) => tag.replace(/^W\//, ''));
}
