// `GET /events/history`: the same selection as plain JSON, page by page, for who wants to read and not to follow.
import { StreamUnavailableError } from '@longwave/messaging';
import { decimalInteger, route, unavailable, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { HistoryPage, ReadHistory } from '../sse/history.ts';
import { StreamChangedError, type Claim } from '../sse/resume.ts';
import type { Admission } from './admission.ts';
import { cursorOrRefuse } from './claim.ts';

export type HistoryRouteDeps = {
  readonly admission: Admission;
  readonly read: ReadHistory;
};

const LIMIT_DEFAULT = 100;
const RETRY_AFTER_SECONDS = 2;

const query = z.object({
  subject: z.array(z.string()).optional().meta({ description: 'A subject filter (`*`, `>`); may be repeated.' }),
  after: z.string().optional().meta({ description: 'Where the page before ended (`next`), or the id of an event.' }),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Begin with what was stored then, or later.' }),
  limit: decimalInteger({ min: 1, max: 1_000 })
    .optional()
    .meta({ description: 'Events of a page, 1 to 1000; 100 unless said. Long ones make it shorter.' }),
});

const eventSchema = z.object({
  subject: z.string(),
  id: z.string(),
  time: z.iso.datetime(),
  message: z.unknown().optional(),
  messageBase64: z.base64().optional(),
});
const gapSchema = z.object({ stream: z.string(), from: z.int(), to: z.int(), reason: z.string() });

const pageSchema = z.object({
  events: z.array(eventSchema),
  gaps: z.array(gapSchema).meta({ description: 'What may be missing before or among the events' }),
  next: z.string().meta({ description: 'For `after` of the next page, or `lastEventId` of `GET /events`' }),
  isEnd: z.boolean().meta({ description: 'There is no more for now' }),
});

export const historyRoute = ({ admission, read }: HistoryRouteDeps): Route =>
  route({
    method: 'get',
    path: '/events/history',
    summary: 'What has been published, page by page',
    description: 'Stream after stream, each in its order, from the beginning of what is kept unless said otherwise.',
    tags: ['events'],
    permission: 'public',
    query,
    responses: {
      200: { description: 'A page', body: pageSchema },
      400: { description: 'The request is wrong', problems: ['illegal-filter', 'no-such-stream', 'invalid-cursor'] },
      403: { description: 'Not everybody may hear this', problems: ['forbidden-subject'] },
      503: { description: 'The broker is away', problems: ['streams-unavailable'] },
    },
    handler: async ({ query: { subject = [], after, since, limit = LIMIT_DEFAULT }, raw, signal }) => {
      const selection = admission.select(
        subject,
        admission.grantOf((name) => raw.get(name)),
      );
      const claim = beginningOf(after, since);
      try {
        const page = await read(selection, claim, limit, signal);
        return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: jsonPage(page) };
      } catch (error) {
        throw problemOf(error);
      }
    },
  });

function beginningOf(after: string | undefined, since: string | undefined): Claim {
  const cursor = cursorOrRefuse('after', after);
  if (cursor.kind !== 'none') return cursor;
  return since === undefined ? { kind: 'start' } : { kind: 'since', time: new Date(since) };
}

/** The events as they are: read and written again, their numbers would lose digits. */
function jsonPage({ events, gaps, next, isEnd }: HistoryPage): string {
  const texts = events.map((event) => event.toString('utf8'));
  return `{"events":[${texts.join(',')}],"gaps":${JSON.stringify(gaps)},"next":"${next}","isEnd":${isEnd}}`;
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof StreamUnavailableError || error instanceof StreamChangedError)) return error;
  const detail = 'The streams cannot be read at the moment. Try again.';
  return unavailable({ code: 'streams-unavailable', detail, retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error });
}
