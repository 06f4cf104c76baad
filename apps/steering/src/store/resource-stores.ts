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
import { createResourceStore, type ResourceStore, type ResourceStoreOptions } from './resource-store.ts';
import { showRules } from './show-rules.ts';
import { removeTimeslot, representTimeslots, updateTimeslot } from './timeslot-store.ts';

export type ResourceStores = { readonly [Table in ResourceTable]: ResourceStore };

export function createResourceStores(options: ResourceStoreOptions): ResourceStores {
  return {
    radioSettings: createResourceStore(options, settings, radioSettingsRules),
    show: createResourceStore(options, shows, showRules),
    schedule: createResourceStore(options, schedules),
    timeslot: {
      ...createResourceStore(options, timeslots, {
        represent: (records) => representTimeslots(options.prisma, records),
      }),
      update: (transaction, id, change) => updateTimeslot(options, transaction, id, change),
      remove: (transaction, id, accept) => removeTimeslot(options, transaction, id, accept),
    },
    episode: createResourceStore(options, episodes, episodeRules),
    media: createResourceStore(options, allMedia),
    profile: createResourceStore(options, profiles),
    category: createResourceStore(options, categories),
  };
}
