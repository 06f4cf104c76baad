// A resource as an answer.
import type { Reply } from '@longwave/runtime';
import type { Resource, ResourceRecord } from '../domain/resource.ts';
import type { ResourceReader } from '../store/resource-store.ts';
import { entityTag } from './entity-tag.ts';

export async function resourceReply(
  status: 200 | 201,
  store: ResourceReader,
  record: ResourceRecord,
): Promise<Reply & { readonly headers: { readonly etag: string } }> {
  const [body] = await store.represent([record]);
  return { status, body, headers: { etag: entityTag(record) } };
}

/** For the declarations of routes. */
export const resourceAnswer = ({ answer, noun }: Resource) =>
  ({ body: answer, headers: { etag: `The version of the ${noun}` } }) as const;
