// `GET /events`: what is refused, and how, before a stream begins. A native EventSource gives up for ever on any status
// but 200, so only what would be wrong the next time too is refused with one. (S8)
import { Problem, streamRoute, unavailable, type Route } from '@longwave/runtime';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { z } from 'zod';
import { select, SelectionError, type Selection, type SelectionRules } from '../domain/selection.ts';
import { retryLine } from '../sse/frame.ts';
import type { Hub } from '../sse/hub.ts';
import { claimOf } from './claim.ts';
import { writeEventStreamHead } from './event-stream-head.ts';
import { ResponseOutlet } from './response-outlet.ts';

export type EventsRouteDeps = {
  readonly hub: Hub;
  readonly rules: SelectionRules;
  readonly connectionsMax: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
};

/** Long enough for a crowd to thin out, spread so that it does not come back as one. */
const OVERLOAD_RETRY_MS = { min: 5_000, spread: 10_000 };

export const eventsRoute = (deps: EventsRouteDeps): Route =>
  streamRoute({
    method: 'get',
    path: '/events',
    summary: 'Follow subjects as Server-Sent Events',
    description,
    tags: ['events'],
    // What may be heard without being asked who one is, is a setting of this service.
    permission: 'public',
    query: z.object({
      subject: z.array(z.string()).optional().meta({ description: 'A subject filter (`*`, `>`); may be repeated.' }),
      lastEventId: z.string().optional().meta({ description: 'Where to go on: the id of the last event.' }),
    }),
    responses: {
      200: { description: 'An endless `text/event-stream`; one that ends at once asks to come back later.' },
      400: { description: 'The request is wrong and will stay so', problems: refusedCodes },
      403: { description: 'Not everybody may hear this', problems: ['forbidden-subject'] },
      406: { description: 'The client does not take `text/event-stream`', problems: ['not-acceptable'] },
      503: { description: 'Full, or going down; only for clients that are no EventSource', problems: ['overloaded'] },
    },
    handler: ({ query, raw }, response) => {
      const selection = selectOrRefuse(query.subject ?? [], deps.rules);
      const claim = claimOf(raw.get('last-event-id'), query.lastEventId);
      if (!raw.accepts('text/event-stream')) throw notAcceptable();
      if (isFull(deps)) return turnAway(raw.headers, response, deps.random);
      writeEventStreamHead(response);
      if (raw.method === 'HEAD') response.end();
      else deps.hub.subscribe(selection, claim, new ResponseOutlet(response));
    },
  });

const description = `Events are \`{ subject, id, time, message }\` (\`messageBase64\` for a payload that is not JSON).
Besides them there are events \`gap\` {stream, from, to, reason}: something may be missing, load the state afresh; and
\`upstream\` {state}: the broker went away or is back. A heartbeat moves the id and fires nothing.`;

const refusedCodes = [
  'invalid-query',
  'missing-filter',
  'illegal-filter',
  'too-many-filters',
  'no-such-stream',
  'too-many-streams',
  'invalid-cursor',
];

function selectOrRefuse(subjects: readonly string[], rules: SelectionRules): Selection {
  try {
    return select(subjects, rules);
  } catch (cause) {
    if (!(cause instanceof SelectionError)) throw cause;
    const { code, message: detail } = cause;
    throw new Problem({ status: code === 'forbidden-subject' ? 403 : 400, code, detail, cause });
  }
}

function notAcceptable(): Problem {
  return new Problem({ status: 406, code: 'not-acceptable', detail: 'This answers text/event-stream only.' });
}

function isFull({ hub, connectionsMax }: EventsRouteDeps): boolean {
  return hub.isDraining || hub.connections >= connectionsMax;
}

/** Only an EventSource says `text/event-stream` by name, and it can be told to wait in no other way. */
function turnAway({ accept = '' }: IncomingHttpHeaders, response: ServerResponse, random: () => number): void {
  const retryMs = OVERLOAD_RETRY_MS.min + random() * OVERLOAD_RETRY_MS.spread;
  if (!accept.includes('text/event-stream')) {
    const detail = 'This server has as many clients as it can serve, or is going down. Come back later.';
    throw unavailable({ code: 'overloaded', detail, retryAfterSeconds: retryMs / 1000 });
  }
  writeEventStreamHead(response);
  response.end(`${retryLine(retryMs)}\n`);
}
