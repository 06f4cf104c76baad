// `POST /events/tickets`: what a page asks for, with whatever says who it is, before it opens an EventSource.
import { route, tooManyRequests, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Admission } from './admission.ts';
import { TICKET_LIFE_MS, type Tickets } from './tickets.ts';

export type TicketsRouteDeps = { readonly admission: Admission; readonly tickets: Tickets };

const ticketSchema = z.strictObject({
  ticket: z.string().meta({ description: 'For `GET /events?ticket=…`, once.' }),
  expiresAt: z.iso.datetime(),
});

export const ticketsRoute = ({ admission, tickets }: TicketsRouteDeps): Route =>
  route({
    method: 'post',
    path: '/events/tickets',
    summary: 'A ticket for one connection, for who cannot send a header',
    description: `An EventSource has only its URL, and a token in a URL ends in logs. A ticket lives ${TICKET_LIFE_MS / 1000} seconds, is good for one connection to this process, and for these subjects.`,
    tags: ['events'],
    permission: 'public',
    body: z.strictObject({ subjects: z.array(z.string()).min(1).meta({ description: 'Subject filters' }) }),
    responses: {
      201: { description: 'The ticket', body: ticketSchema },
      400: { description: 'These subjects would be refused', problems: ['illegal-filter', 'no-such-stream'] },
      403: { description: 'Not everybody may hear this', problems: ['forbidden-subject'] },
      429: { description: 'Too many tickets that nobody has used', problems: ['too-many-tickets'] },
    },
    handler: ({ body, raw }) => {
      const grant = admission.grantOf((name) => raw.get(name));
      admission.select(body.subjects, grant);
      const ticket = tickets.issue(grant, body.subjects);
      if (ticket === null) {
        const retryAfterSeconds = TICKET_LIFE_MS / 1000;
        throw tooManyRequests({ code: 'too-many-tickets', retryAfterSeconds });
      }
      const { secret, expiresAt } = ticket;
      const headers = { 'cache-control': 'no-store' };
      return { status: 201, headers, body: { ticket: secret, expiresAt: expiresAt.toISOString() } };
    },
  });
