// `GET /events/connections`: who is connected, and how far behind, for operators.
import { decimalInteger, route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Connections } from '../sse/connections.ts';

const LIMIT_DEFAULT = 100;

const connectionSchema = z.object({
  address: z.string(),
  principal: z.string(),
  subjects: z.array(z.string()),
  policy: z.string(),
  since: z.iso.datetime().meta({ description: 'When it connected' }),
  state: z.string().meta({ description: 'waiting, starting, catching-up, replaying or live' }),
  isParked: z.boolean().meta({ description: 'Its socket takes no more at the moment' }),
  behind: z.int().meta({ description: 'Messages of its streams that it has not been considered for yet' }),
});

const viewSchema = z.object({
  connections: z.array(connectionSchema).meta({ description: 'Those furthest behind first' }),
  total: z.int(),
});

export const connectionsRoute = (connections: Connections): Route =>
  route({
    method: 'get',
    path: '/events/connections',
    summary: 'Who is connected, and how far behind',
    tags: ['operation'],
    permission: 'connections:read',
    query: z.object({ limit: decimalInteger({ min: 1, max: 10_000 }).optional() }),
    responses: { 200: { description: 'The connections of this process', body: viewSchema } },
    handler: ({ query: { limit = LIMIT_DEFAULT } }) => {
      const all = Array.from(connections.entries(), ([subscription, { address, grant, since }]) => {
        const { filters, policy } = subscription.lane.selection;
        const subjects = filters.map(({ text }) => text);
        const visitor = { address, principal: grant.principal, subjects, policy, since: since.toISOString() };
        return { ...visitor, ...subscription.progress };
      });
      const furthest = all.toSorted((left, right) => right.behind - left.behind).slice(0, limit);
      return {
        status: 200,
        headers: { 'cache-control': 'no-store' },
        body: { connections: furthest, total: all.length },
      };
    },
  });
