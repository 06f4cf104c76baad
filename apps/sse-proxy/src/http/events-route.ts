// `GET /events` as the service documents it, and as it serves whatever `connection/stream-door.ts` leaves to it:
// refusals, HEAD, HTTP/1.0, connections that were used for something else before. A native EventSource gives up for ever
// on any status but 200, so only what would be wrong the next time too is refused with one. (S8)
import { Problem, streamRoute, unavailable, type Route } from '@longwave/runtime';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { retryLine } from '../sse/frame.ts';
import type { Hub } from '../sse/hub.ts';
import type { Admission } from './admission.ts';
import type { ReadClientAddress } from './client-address.ts';
import { writeEventStreamHead } from './event-stream-head.ts';
import { eventsQuery } from './events-query.ts';
import { ResponseOutlet } from './response-outlet.ts';

export type EventsRouteDeps = {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly addressOf: ReadClientAddress;
};

/** The second for who names the one encoding there is: to HTTP a type with a parameter is another one. */
const TYPES = ['text/event-stream', 'text/event-stream;charset=utf-8'] as const;

export const eventsRoute = ({ hub, admission, addressOf }: EventsRouteDeps): Route =>
  streamRoute({
    method: 'get',
    path: '/events',
    summary: 'Follow subjects as Server-Sent Events',
    description,
    tags: ['events'],
    // What may be heard without being asked who one is, is a setting of this service.
    permission: 'public',
    query: eventsQuery,
    responses: {
      200: { description: 'An endless `text/event-stream`; one that ends at once asks to come back later.' },
      400: { description: 'The request is wrong and will stay so', problems: refusedCodes },
      401: { description: 'The ticket is worth nothing', problems: ['invalid-ticket'] },
      403: { description: 'Not everybody may hear this', problems: ['forbidden-subject'] },
      406: { description: 'The client does not take `text/event-stream`', problems: ['not-acceptable'] },
      503: { description: 'Full, or going down; only for clients that are no EventSource', problems: ['overloaded'] },
    },
    handler: ({ query, raw }, response) => {
      const admitted = admission.check({ query, header: (name) => raw.get(name) });
      if (!raw.accepts([...TYPES])) throw notAcceptable();
      if (raw.method === 'HEAD') return void writeEventStreamHead(response).end();
      const visit = admission.enter(
        admitted,
        addressOf({ peer: raw.socket.remoteAddress, forwardedFor: raw.get('x-forwarded-for') }),
      );
      if (visit === null) return turnAway(raw.headers, response, admission.retryMs());
      writeEventStreamHead(response);
      hub.subscribe(visit, new ResponseOutlet(response));
    },
  });

const description = `Events are \`{ subject, id, time, message }\` (\`messageBase64\` for a payload that is not JSON).
Besides them there are events \`gap\` {stream, from, to, reason}: something may be missing, load the state afresh;
\`upstream\` {state}: the broker went away or is back; \`expiring\` {at}: what was granted ends then. A heartbeat moves the
id and fires nothing. The header \`Last-Event-ID\` counts more than any parameter.`;

const refusedCodes = [
  'invalid-query',
  'missing-filter',
  'illegal-filter',
  'too-many-filters',
  'no-such-stream',
  'too-many-streams',
  'invalid-cursor',
  'two-beginnings',
  'no-snapshot',
  'ticket-has-subjects',
];

function notAcceptable(): Problem {
  return new Problem({ status: 406, code: 'not-acceptable', detail: 'This answers text/event-stream only.' });
}

/** Only an EventSource says `text/event-stream` by name, and it can be told to wait in no other way. (F4) */
function turnAway({ accept = '' }: IncomingHttpHeaders, response: ServerResponse, retryMs: number): void {
  if (!accept.includes('text/event-stream')) {
    const detail = 'This server has as many clients as it can serve, or is going down. Come back later.';
    throw unavailable({ code: 'overloaded', detail, retryAfterSeconds: retryMs / 1000 });
  }
  writeEventStreamHead(response).end(retryLine(retryMs));
}
