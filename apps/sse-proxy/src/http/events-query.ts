// The parameters of `GET /events`, for the route and for the door alike.
import { decimalInteger } from '@longwave/runtime';
import { z } from 'zod';
import { policies } from '../domain/policy.ts';

export const eventsQuery = z.object({
  subject: z.array(z.string()).optional().meta({ description: 'A subject filter (`*`, `>`); may be repeated.' }),
  lastEventId: z.string().optional().meta({ description: 'Where to go on: the id of the last event.' }),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Begin with what was stored at this time or later.' }),
  last: decimalInteger({ min: 1, max: 1_000 })
    .optional()
    .meta({ description: 'Begin with the newest of each stream: 1 to 1000 events.' }),
  snapshot: z
    .literal('1')
    .optional()
    .meta({ description: 'Begin with the newest event of each subject; for some subjects only.' }),
  policy: z
    .enum(policies)
    .optional()
    .meta({ description: 'When behind: everything (`catch-up`), or the latest of each subject (`conflate`).' }),
  ticket: z.string().optional().meta({ description: 'From `POST /events/tickets`, instead of subjects.' }),
});

export type EventsQuery = z.infer<typeof eventsQuery>;
