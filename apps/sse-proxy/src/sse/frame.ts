// The wire format of Server-Sent Events (WHATWG HTML, 9.2), the little of it that is needed.
//
// F1  Nothing that comes from outside can end a line: what goes in here is a cursor (checked alphabet), digits, or JSON
//     on one line. There is no general encoder that would have to escape.
// F2  An event of ours is `gap`, `upstream` or `expiring`; everything else has the default type, so that no subject can become
//     EventSource's own `error` or `open`.
// F3  A notice carries no id. The id that covers it follows in a block of its own: who loses the connection in between
//     asks again from where it was, and is told again.
// F4  No block ends before the connection has said an id, or the client had none: the standard begins every connection
//     with an empty last event id, and takes it for the client's own at the first blank line. Who is only told to come
//     back would come back without its cursor, start live, and never know what it missed.
import type { Gap } from '../domain/gap.ts';

/** A block that moves the client's cursor and fires nothing. */
export function idBlock(cursor: string): string {
  return `id: ${cursor}\n\n`;
}

/** The id of whatever block it is a line of; of several the last. */
export function idLine(cursor: string): string {
  return `id: ${cursor}\n`;
}

/** How long the client shall wait before it reconnects. A line of its own: whatever block comes next completes it. */
export function retryLine(retryMs: number): string {
  return `retry: ${Math.trunc(retryMs)}\n`;
}

/** Keeps proxies and clients from giving up, and a cursor from growing old while nothing matches. */
export function heartbeatBlock(cursor: string | null): string {
  return cursor === null ? ':\n\n' : `:\n${idBlock(cursor)}`;
}

/** Something may be missing. (F2, F3) */
export function gapBlock({ stream, from, to, reason }: Gap): string {
  return `event: gap\ndata: ${JSON.stringify({ stream, from, to, reason })}\n\n`;
}

/** The stream will end then; who comes back with fresh credentials before loses nothing. (F2, F3) */
export function expiringBlock(at: Date): string {
  return `event: expiring\ndata: {"at":"${at.toISOString()}"}\n\n`;
}

/** The broker went away, or is back. (F2) */
export function upstreamBlock(isUp: boolean): string {
  return `event: upstream\ndata: {"state":"${isUp ? 'up' : 'down'}"}\n\n`;
}
