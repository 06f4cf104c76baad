// A store for each kind of resource.
import type { ResourceTable } from '../domain/resource.ts';
import { categories } from '../resources/category.ts';
import { episodes } from '../resources/episode.ts';
import { allMedia } from '../resources/media.ts';
import { profiles } from '../resources/profile.ts';
import { settings } from '../resources/radio-settings.ts';
import { shows } from '../resources/show.ts';
import { createResourceStore, type ResourceStore, type ResourceStoreOptions } from './resource-store.ts';
import { showRules } from './show-rules.ts';

export type ResourceStores = { readonly [Table in ResourceTable]: ResourceStore };

export function createResourceStores(options: ResourceStoreOptions): ResourceStores {
  return {
    radioSettings: createResourceStore(options, settings),
    show: createResourceStore(options, shows, showRules),
    episode: createResourceStore(options, episodes),
    media: createResourceStore(options, allMedia),
    profile: createResourceStore(options, profiles),
    category: createResourceStore(options, categories),
  };
}
