// A store for each kind of resource.
import type { ResourceTable } from '../domain/resource.ts';
import { categories } from '../resources/category.ts';
import { episodes } from '../resources/episode.ts';
import { allMedia } from '../resources/media.ts';
import { profiles } from '../resources/profile.ts';
import { settings } from '../resources/radio-settings.ts';
import { schedules } from '../resources/schedule.ts';
import { shows } from '../resources/show.ts';
import { timeslots } from '../resources/timeslot.ts';
import { episodeRules, radioSettingsRules } from './program-rules.ts';
import {
  createResourceReader,
  createResourceStore,
  type ResourceReader,
  type ResourceStore,
  type ResourceStoreOptions,
  type ResourceWriter,
} from './resource-store.ts';
import { showRules } from './show-rules.ts';
import { removeTimeslot, representTimeslots, updateTimeslot } from './timeslot-store.ts';

/** Schedules have a writer of their own (schedule-store.ts), and timeslots are made with them. */
export type ResourceStores = { readonly [Table in Exclude<ResourceTable, 'schedule' | 'timeslot'>]: ResourceStore } & {
  readonly schedule: ResourceReader;
  readonly timeslot: ResourceReader & Omit<ResourceWriter, 'create'>;
};

export function createResourceStores(options: ResourceStoreOptions): ResourceStores {
  return {
    radioSettings: createResourceStore(options, settings, radioSettingsRules),
    show: createResourceStore(options, shows, showRules),
    schedule: createResourceReader(options, schedules),
    timeslot: {
      ...createResourceReader(options, timeslots, (records) => representTimeslots(options.prisma, records)),
      update: (transaction, id, change) => updateTimeslot(options, transaction, id, change),
      remove: (transaction, id, accept) => removeTimeslot(options, transaction, id, accept),
    },
    episode: createResourceStore(options, episodes, episodeRules),
    media: createResourceStore(options, allMedia),
    profile: createResourceStore(options, profiles),
    category: createResourceStore(options, categories),
  };
}
