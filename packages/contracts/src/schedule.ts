// A schedule: when a show is on air, as a rule. Its timeslots follow from it.
import { z } from 'zod';
import { idOf, optionalIdOf, resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';

const rrule = z
  .strictObject({
    freq: z.enum(['once', 'daily', 'weekly', 'monthly']).meta({ example: 'weekly' }),
    interval: z.int().min(1).max(1_000).meta({ description: 'Every how many days, weeks or months' }).default(1),
    bySetPos: z
      .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(-1)])
      .nullable()
      .meta({
        description: 'Monthly: the how-manieth weekday of the month, -1 for the last. The weekday is that of firstDate',
      })
      .default(null),
    byWeekdays: z
      .enum(['all', 'business-days', 'weekends'])
      .meta({ description: 'Daily: on which days of the week' })
      .default('all'),
  })
  .meta({ description: 'How the first date goes on', example: { freq: 'weekly', interval: 1 } });

const localTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, 'a time such as 20:00:00')
  .meta({ description: 'On the clocks of the station', example: '20:00:00' });

const localDate = (description: string, example: string) => z.iso.date().meta({ description, example });

const fields = {
  showId: idOf('show'),
  rrule,
  firstDate: localDate('The first date, in the station', '2026-11-23'),
  startTime: localTime,
  endTime: localTime.meta({ description: 'Before startTime: on the next day', example: '21:30:00' }),
  lastDate: localDate('The last date', '2027-06-28')
    .nullable()
    .meta({ description: 'The last date, included; null: goes on, planned a rolling year ahead' })
    .default(null),
  defaultMediaId: optionalIdOf('media', 'What is played where an episode says nothing'),
  repetitionOfId: optionalIdOf('schedule', 'The schedule whose timeslots this one repeats'),
  addDaysNo: z
    .int()
    .min(0)
    .max(366)
    .meta({ description: 'By how many days every date of the rule is moved' })
    .default(0),
  addBusinessDaysOnly: z
    .boolean()
    .meta({ description: 'Whether addDaysNo leaves out Saturdays and Sundays' })
    .default(false),
};

const contract = resourceContract('Schedule', {
  says: 'a schedule',
  fields,
  example: {
    id: 41,
    showId: 123,
    rrule: { freq: 'weekly', interval: 1, bySetPos: null, byWeekdays: 'all' },
    firstDate: '2026-11-23',
    startTime: '20:00:00',
    endTime: '21:30:00',
    lastDate: null,
    defaultMediaId: null,
    repetitionOfId: null,
    addDaysNo: 0,
    addBusinessDaysOnly: false,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { lastDate: '2027-06-28' },
});

export const schedule = contract.answer;

/** What can be done about one projected timeslot and what it collides with. */
export const solutionNames = [
  'theirs',
  'ours',
  'theirs-start',
  'theirs-end',
  'theirs-both',
  'ours-start',
  'ours-end',
  'ours-both',
] as const;

const steps = {
  dryrun: z.boolean().meta({ description: 'Only answer what would happen' }).optional(),
  solutions: z
    .record(z.string().max(128), z.enum(solutionNames))
    .meta({
      description:
        'By the hash of a projected timeslot, as the 409 to the first request lists them: `theirs` keeps what is there, `ours` replaces it; with -start, -end, -both that side gives way in part',
      example: { '5b2f1c90': 'theirs' },
    })
    .optional(),
};

export const scheduleInput = contract.input
  .extend(steps)
  .meta({ id: 'ScheduleRequest', description: 'When a show is to be on air, and what to do where others are' });

export const schedulePatch = contract.patch.extend(steps).meta({
  id: 'SchedulePatchRequest',
  description: 'A JSON merge patch (RFC 7396): what is absent stays as it is; rrule is replaced whole',
  example: { lastDate: '2027-06-28' },
});

export const schedulePlanContract = contract;

const planned = z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) });

/** What a dry run answers. */
export const scheduleDryRun = z
  .object({
    create: z.array(planned),
    update: z.array(planned.extend({ id: z.int() })),
    delete: z.array(z.object({ id: z.int() })),
  })
  .meta({ id: 'ScheduleDryRun', description: 'Which timeslots would be made, moved and deleted' });

const collision = planned.extend({
  id: z.int(),
  scheduleId: z.int(),
  showId: z.int(),
  showName: z.string(),
  memo: z.string(),
  episodeId: z.int().nullable(),
  mediaId: z.int().nullable(),
  repetitionOfId: z.int().nullable(),
});

/** What the problem `schedule-conflict` says beyond what every problem says. */
export const scheduleConflict = z.object({
  projected: z
    .array(
      planned.extend({
        hash: z.string().meta({ description: 'Names this timeslot and all it collides with, as they are now' }),
        collisions: z.array(collision),
        solutionChoices: z.array(z.enum(solutionNames)),
        error: z.enum(['no-solution', 'solution-not-allowed']).nullable(),
      }),
    )
    .meta({ description: 'Every timeslot there would be' }),
  solutions: z
    .record(z.string(), z.literal(''))
    .meta({ description: 'To be filled and sent with the same request: one of its solutionChoices for each hash' }),
  staleHashes: z
    .array(z.string())
    .meta({ description: 'Those of the solutions that are for a collision that is not there, or not any more' }),
});

export type ScheduleConflict = z.infer<typeof scheduleConflict>;

export type ScheduleInput = z.infer<typeof scheduleInput>;
export type Schedule = z.infer<typeof schedule>;

export const scheduleMessages = resourceMessages('steering', 'schedule', z.int().positive(), 41);
