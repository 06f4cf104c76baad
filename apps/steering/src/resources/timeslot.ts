// The timeslots. They are made with their schedules; see store/schedule-store.ts and store/timeslot-store.ts.
import { timeslot, timeslotInput, timeslotMessages, timeslotPatch } from '@longwave/contracts';
import { defineResource } from '../domain/resource.ts';
import { endsAfter, refersTo, startsBefore } from './filters.ts';

export const timeslots = defineResource({
  type: 'timeslot',
  collection: 'timeslots',
  table: 'timeslot',
  contract: { input: timeslotInput, patch: timeslotPatch, answer: timeslot },
  messages: timeslotMessages,
  refersTo: { episodeId: 'episode', mediaId: 'media' },
  filters: {
    scheduleId: refersTo('scheduleId', 'Only those of this schedule'),
    showId: refersTo('showId', 'Only those of this show'),
    episodeId: refersTo('episodeId', 'Only those in which this episode is on air'),
    repetitionOfId: refersTo('repetitionOfId', 'Only those that repeat this one'),
    start: endsAfter('end', 'Only those that end after this instant'),
    end: startsBefore('start', 'Only those that begin before this instant'),
  },
  orders: { start: { column: 'start', kind: 'time' } },
  label: ({ start, end }) => `${String(start)} to ${String(end)}`,
});
