// GET /entries/{sequence}/: one entry of the log.
import { auditEntry } from '@longwave/contracts';
import { decimalInteger, route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { entryJson } from '../domain/entry-json.ts';
import type { EntryLog } from '../domain/entry-log.ts';
import { noSuchEntry } from './entry-problems.ts';

export const getEntry = (entries: EntryLog): Route =>
  route({
    method: 'get',
    path: '/entries/:sequence/',
    summary: 'One entry',
    tags: ['entries'],
    permission: 'audit:read',
    params: z.object({ sequence: decimalInteger({ min: 1 }) }),
    responses: {
      200: { description: 'The entry', body: auditEntry },
      404: { description: 'No such entry', problems: ['no-such-entry'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ params: { sequence } }) => {
      const entry = await entries.find(sequence);
      if (entry === undefined) throw noSuchEntry(sequence);
      return { status: 200, body: entryJson(entry), headers: { 'content-type': 'application/json; charset=utf-8' } };
    },
  });
