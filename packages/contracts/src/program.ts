// The radio program as clients read it, and the messages that say that it has changed: for a date, an ISO week or a month
// that it did, for what is on now and in the next 24 hours also what it is.
import { event, signal } from '@longwave/messaging/contract';
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const mediaId = z.int().nullable().meta({ description: 'What is played; null where nobody has said it' });

const entry = {
  id: z
    .string()
    .meta({ description: '`<start>--<end>`', example: '2026-11-23T20:00:00+01:00--2026-11-23T21:30:00+01:00' }),
  start: instant,
  end: instant.meta({ description: 'Excluded' }),
  showId: z.int(),
  timeslotId: z.int().nullable().meta({ description: 'Null: a gap that the fallback show fills' }),
};

// Named only where OpenAPI lists it: a message's schema is written out whole.
const playout = z.object({
  ...entry,
  mediaId,
  show: z.object({ id: z.int(), name: z.string(), defaultMediaId: z.int().nullable() }),
  schedule: z.object({ id: z.int(), defaultMediaId: z.int().nullable() }).nullable(),
  episode: z.object({ id: z.int(), title: z.string() }).nullable(),
  timeslot: z
    .object({
      id: z.int(),
      start: instant,
      end: instant,
      isVirtual: z.boolean(),
      memo: z.string(),
      mediaId: z.int().nullable(),
      repetitionOfId: z.int().nullable(),
    })
    .nullable(),
});

export const playoutEntry = playout.meta({
  id: 'PlayoutEntry',
  description: 'A part of the program, and what is played',
});

export const basicEntry = z
  .object(entry)
  .meta({ id: 'BasicEntry', description: 'A part of the program: when and what' });

export const calendarEntry = z
  .object({
    ...entry,
    isVirtual: z.boolean(),
    scheduleId: z.int().nullable(),
    episodeId: z.int().nullable(),
    mediaId,
    repetitionOfId: z.int().nullable(),
  })
  .meta({ id: 'CalendarEntry', description: 'A part of the program, with the ids of all it leads to' });

export type PlayoutEntry = z.infer<typeof playoutEntry>;

/** All program messages are about one thing: in the order in which they were decided, they are the program's history. */
const key = (): string => 'program';

export const ProgramDateUpdated = signal('ProgramDateUpdated', {
  version: 1,
  subject: 'program.planned.date.{date}.updated',
  key,
  example: { date: '2026-11-23' },
});

export const ProgramWeekUpdated = signal('ProgramWeekUpdated', {
  version: 1,
  subject: 'program.planned.week.{week}.updated',
  key,
  example: { week: '2026-W48' },
});

export const ProgramMonthUpdated = signal('ProgramMonthUpdated', {
  version: 1,
  subject: 'program.planned.month.{month}.updated',
  key,
  example: { month: '2026-11' },
});

const example: PlayoutEntry[] = [
  {
    id: '2026-11-23T20:00:00+01:00--2026-11-23T21:30:00+01:00',
    start: '2026-11-23T20:00:00+01:00',
    end: '2026-11-23T21:30:00+01:00',
    showId: 123,
    timeslotId: 901,
    mediaId: 7,
    show: { id: 123, name: 'Morning Wave', defaultMediaId: 7 },
    schedule: { id: 41, defaultMediaId: null },
    episode: { id: 31, title: 'The harbour at night' },
    timeslot: {
      id: 901,
      start: '2026-11-23T20:00:00+01:00',
      end: '2026-11-23T21:30:00+01:00',
      isVirtual: false,
      memo: '',
      mediaId: null,
      repetitionOfId: null,
    },
  },
];

const upcoming = (description: string) => z.array(playout).meta({ description });

/** What `program/playout/` answers for this instant; an empty list when nothing is on. */
export const ProgramUpcomingNowUpdated = event('ProgramUpcomingUpdated', {
  version: 1,
  subject: 'program.planned.upcoming.now.updated',
  address: () => ({}),
  key,
  schema: upcoming('What is on now has changed, by an edit or because its time has come: this is it'),
  example,
});

/** What `program/playout/` answers for the 24 hours that begin now. */
export const ProgramUpcoming24hUpdated = event('ProgramUpcomingUpdated', {
  version: 1,
  subject: 'program.planned.upcoming.24h.updated',
  address: () => ({}),
  key,
  schema: upcoming('The program of the next 24 hours has changed, by an edit or as time goes on: this is it'),
  example,
});
