// A package as an answer.
import { packageResource } from '@longwave/contracts';
import type { Reply } from '@longwave/runtime';
import { representPackage, type PackageRecord } from '../domain/package.ts';
import { entityTag } from './entity-tag.ts';

type PackageReply = Reply & { readonly headers: { readonly etag: string; readonly vary: string } };

export function packageReply(status: 200 | 201, record: PackageRecord): PackageReply {
  // The same address is another package in another namespace, possibly in the same revision.
  return { status, body: representPackage(record), headers: { etag: entityTag(record), vary: 'x-namespace' } };
}

/** For the declarations of routes. */
export const packageAnswer = { body: packageResource, headers: { etag: 'The version of the metadata' } } as const;
