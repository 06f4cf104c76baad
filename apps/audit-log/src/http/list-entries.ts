// GET /entries/: what the log knows of subjects, times and correlations, page by page.
import { auditEntry, pageOf } from '@longwave/contracts';
import { parseFilter } from '@longwave/messaging/contract';
import { decimalInteger, route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { pageJson } from '../domain/entry-json.ts';
import type { EntryLog } from '../domain/entry-log.ts';
import { decodeCursor, encodeCursor, type EntryQuery } from '../domain/entry-query.ts';
import { illegalCursor } from './entry-problems.ts';

const LIMIT_MAX = 1_000;
const TEXT_LENGTH_MAX = 4_096;

/** RFC 3339 and its offsets reach beyond the years that Postgres and our own answers know; no entry lies out there. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

const instant = z.iso
  .datetime({ offset: true, error: 'expected a time of RFC 3339 such as 2026-11-21T12:00:00Z (a + is %2B in a URL)' })
  .transform((text) => new Date(Math.min(Math.max(Date.parse(text), EARLIEST), LATEST)));

const query = z.object({
  subject: z.string().max(TEXT_LENGTH_MAX).optional().meta({ description: 'A NATS filter, e.g. resource.*.show.>' }),
  from: instant.optional().meta({ description: 'Received at this time or later' }),
  to: instant.optional().meta({ description: 'Received before this time' }),
  correlationId: z.string().min(1).max(TEXT_LENGTH_MAX).optional(),
  order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'By sequence; default: the newest first' }),
  limit: decimalInteger({ min: 1, max: LIMIT_MAX }).default(100),
  cursor: z.string().max(TEXT_LENGTH_MAX).optional(),
});

/** `collection`: the path under which clients reach it, for `next`. */
export const listEntries = (entries: EntryLog, collection: string): Route =>
  route({
    method: 'get',
    path: '/entries/',
    summary: 'Entries, by sequence',
    description:
      'A page holds fewer entries than `limit` when they are large. Pages stay as they are while the log grows.',
    tags: ['entries'],
    permission: 'audit:read',
    query,
    responses: {
      200: { description: 'A page; `next` is null on the last one', body: pageOf(auditEntry) },
      400: {
        description: 'The question makes no sense',
        problems: ['illegal-filter', 'invalid-cursor', 'invalid-query'],
      },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ query: { subject, limit, cursor, ...asked }, raw }) => {
      const question: EntryQuery = { ...asked, subject: subject === undefined ? undefined : parseFilter(subject) };
      const after = cursor === undefined ? undefined : decodeCursor(question, cursor);
      if (cursor !== undefined && after === undefined) throw illegalCursor();
      const { entries: found, hasMore } = await entries.page(question, { after, limit });
      const last = found.at(-1);
      const next =
        last === undefined || !hasMore ? null : withCursor(collection, raw.url, encodeCursor(question, last.sequence));
      return {
        status: 200,
        body: pageJson(found, next),
        headers: { 'content-type': 'application/json; charset=utf-8' },
      };
    },
  });

/** The same question, with everything the client said, at another place. */
function withCursor(collection: string, url: string, cursor: string): string {
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  parameters.set('cursor', cursor);
  return `${collection}?${parameters.toString()}`;
}
