// A timeslot: one broadcast of a schedule. It is made with its schedule, and can be moved, filled and deleted.
import { z } from 'zod';
import { idOf, optionalIdOf, resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { prose } from './text.ts';

const instant = (description: string, example: string) =>
  z.iso.datetime({ offset: true }).meta({ description, example });

export const {
  input: timeslotInput,
  patch: timeslotPatch,
  answer: timeslot,
} = resourceContract('Timeslot', {
  says: 'a timeslot',
  told: {
    scheduleId: idOf('schedule'),
    showId: idOf('show'),
    repetitionOfId: z.int().nullable().meta({ description: 'The timeslot that this one repeats; null for none' }),
  },
  fields: {
    start: instant('When it begins', '2026-11-23T20:00:00+01:00'),
    end: instant('When it ends, excluded', '2026-11-23T21:30:00+01:00'),
    memo: prose(20_000).meta({ description: 'For those on duty' }).default(''),
    episodeId: optionalIdOf('episode', 'The episode that is on air'),
    mediaId: optionalIdOf('media', 'What is played, instead of what episode, schedule or show say'),
  },
  example: {
    id: 901,
    scheduleId: 41,
    showId: 123,
    repetitionOfId: null,
    start: '2026-11-23T20:00:00+01:00',
    end: '2026-11-23T21:30:00+01:00',
    memo: '',
    episodeId: 31,
    mediaId: null,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { episodeId: 31 },
});

export type TimeslotInput = z.infer<typeof timeslotInput>;
export type Timeslot = z.infer<typeof timeslot>;

export const timeslotMessages = resourceMessages('steering', 'timeslot', z.int().positive(), 901);
