// ETags: strong, made from what the database counts, never from the bytes of an answer.
import { createHash } from 'node:crypto';

/** Of one thing: equal as long as nobody has really changed it. */
export function entityTag({ revision }: { readonly revision: number }): string {
  return `"${revision}"`;
}

/** Of a page: equal as long as the same things in the same revisions are on it. `identities` without the revisions. */
export function pageTag(
  items: readonly { readonly identity: string; readonly revision: number }[],
  next: string | null,
): string {
  const content = JSON.stringify([items.map(({ identity, revision }) => [identity, revision]), next]);
  return `"${createHash('sha256').update(content).digest('base64url')}"`;
}
