// What a message says about the list of shows. It says where to look, not what changed.
// Any NATS client may publish on these subjects, so the address to read is only taken when it is one of a show.
import type { FeedEvent } from '@longwave/client';
import { dataOf } from '../live/message-data.ts';

export type ShowChange =
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'removed'; readonly key: string };

const SUBJECT = /^resource\.steering\.show\.([1-9]\d*)\.(created|updated|deleted)$/;
const PATH = /^\/steering\/api\/v1\/shows\/[1-9]\d*\/$/;

/** The change that `message` tells; null for a message about something else. */
export function showChangeOf(message: FeedEvent): ShowChange | null {
  const [, id, verb] = SUBJECT.exec(message.subject) ?? [];
  if (id === undefined) return null;
  if (verb === 'deleted') return { kind: 'removed', key: id };
  const path = pathOf(dataOf(message)?.['url']);
  return path === null ? null : { kind: 'read', path };
}

/** The path of an absolute URL; the page asks its own origin, whatever the station is called elsewhere. */
function pathOf(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const { pathname } = new URL(url);
  return PATH.test(pathname) ? pathname : null;
}
