// Which message tells about a change of a resource.
import type { Draft } from '@longwave/messaging/contract';
import type { Resource, ResourceRecord } from './resource.ts';

type Changed = Pick<ResourceRecord, 'id' | 'updatedAt'>;

export function resourceCreated({ messages }: Resource, { id, updatedAt }: Changed, url: string): Draft {
  return messages.created.of({ id, url, updatedAt: updatedAt.toISOString() });
}

export function resourceUpdated({ messages }: Resource, { id, updatedAt }: Changed, url: string): Draft {
  return messages.updated.of({ id, url, updatedAt: updatedAt.toISOString() });
}

/** What is gone has no time of change; the message's own time says when. */
export function resourceDeleted({ messages }: Resource, { id }: Pick<ResourceRecord, 'id'>, url: string): Draft {
  return messages.deleted.of({ id, url });
}
