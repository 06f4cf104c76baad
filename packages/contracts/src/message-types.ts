// Every message type there is: what documents are generated from and what a stranger can look up.
import type { EventType } from '@longwave/messaging/contract';
import { categoryMessages } from './category.ts';
import { episodeMessages } from './episode.ts';
import { mediaMessages } from './media.ts';
import { PackageCreated, PackageUpdated } from './package.ts';
import {
  ProgramDateUpdated,
  ProgramMonthUpdated,
  ProgramUpcoming24hUpdated,
  ProgramUpcomingNowUpdated,
  ProgramWeekUpdated,
} from './program.ts';
import { profileMessages } from './profile.ts';
import { radioSettingsMessages } from './radio-settings.ts';
import type { ResourceMessages } from './resource-messages.ts';
import { scheduleMessages } from './schedule.ts';
import { showMessages } from './show.ts';
import { timeslotMessages } from './timeslot.ts';

const changesOf = ({ created, updated, deleted }: ResourceMessages<number>) => [created, updated, deleted];

export const messageTypes: readonly EventType<unknown>[] = [
  // The settings of the station are there from the beginning to the end.
  radioSettingsMessages.updated,
  ...[
    showMessages,
    scheduleMessages,
    timeslotMessages,
    episodeMessages,
    mediaMessages,
    profileMessages,
    categoryMessages,
  ].flatMap(changesOf),
  ProgramDateUpdated,
  ProgramWeekUpdated,
  ProgramMonthUpdated,
  ProgramUpcomingNowUpdated,
  ProgramUpcoming24hUpdated,
  PackageCreated,
  PackageUpdated,
];
