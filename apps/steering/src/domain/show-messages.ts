// Which message tells about a change of a show.
import { showMessages } from '@longwave/contracts';
import type { Draft } from '@longwave/messaging/contract';
import type { ShowRecord } from './show.ts';

export function showCreated(show: ShowRecord, url: string): Draft {
  return showMessages.created.of({ id: show.id, url, updatedAt: show.updatedAt.toISOString() });
}

export function showUpdated(show: ShowRecord, url: string): Draft {
  return showMessages.updated.of({ id: show.id, url, updatedAt: show.updatedAt.toISOString() });
}

/** What is gone has no time of change; the message's own time says when. */
export function showDeleted(show: ShowRecord, url: string): Draft {
  return showMessages.deleted.of({ id: show.id, url });
}
