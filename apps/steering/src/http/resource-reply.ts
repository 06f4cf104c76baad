// A resource as an answer.
import type { Reply } from '@longwave/runtime';
import { representRecord } from '../domain/content.ts';
import type { Resource, ResourceRecord } from '../domain/resource.ts';
import { entityTag } from './entity-tag.ts';

export function resourceReply(
  status: 200 | 201,
  resource: Resource,
  record: ResourceRecord,
): Reply & { readonly headers: { readonly etag: string } } {
  return { status, body: representRecord(resource, record), headers: { etag: entityTag(record) } };
}

/** For the declarations of routes. */
export const resourceAnswer = ({ answer, noun }: Resource) =>
  ({ body: answer, headers: { etag: `The version of the ${noun}` } }) as const;
