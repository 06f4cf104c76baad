// The schedules. What they mean for the program is decided in program/; see store/schedule-store.ts.
import { scheduleMessages, schedulePlanContract } from '@longwave/contracts';
import { defineResource } from '../domain/resource.ts';
import { refersTo } from './filters.ts';

export const schedules = defineResource({
  type: 'schedule',
  collection: 'schedules',
  table: 'schedule',
  contract: schedulePlanContract,
  messages: scheduleMessages,
  refersTo: { showId: 'show', defaultMediaId: 'media', repetitionOfId: 'schedule' },
  filters: {
    showId: refersTo('showId', 'Only those of this show'),
    repetitionOfId: refersTo('repetitionOfId', 'Only those that repeat this one'),
  },
  label: ({ rrule, firstDate, startTime }) => `${rrule.freq} from ${firstDate}, ${startTime}`,
});
