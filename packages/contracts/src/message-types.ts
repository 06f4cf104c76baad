// Every message type there is: what documents are generated from and what a stranger can look up.
import type { EventType } from '@longwave/messaging/contract';
import { categoryMessages } from './category.ts';
import { episodeMessages } from './episode.ts';
import { mediaMessages } from './media.ts';
import { PackageCreated, PackageUpdated } from './package.ts';
import { profileMessages } from './profile.ts';
import { radioSettingsMessages } from './radio-settings.ts';
import type { ResourceMessages } from './resource-messages.ts';
import { showMessages } from './show.ts';

const changesOf = ({ created, updated, deleted }: ResourceMessages<number>) => [created, updated, deleted];

export const messageTypes: readonly EventType<unknown>[] = [
  // The settings of the station are there from the beginning to the end.
  radioSettingsMessages.updated,
  ...[showMessages, episodeMessages, mediaMessages, profileMessages, categoryMessages].flatMap(changesOf),
  PackageCreated,
  PackageUpdated,
];
