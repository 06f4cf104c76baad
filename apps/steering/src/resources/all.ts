// Every resource there is, in the order of the API page.
import type { Reference, Resource, ResourceTable } from '../domain/resource.ts';
import { categories } from './category.ts';
import { episodes } from './episode.ts';
import { allMedia } from './media.ts';
import { profiles } from './profile.ts';
import { settings } from './radio-settings.ts';
import { schedules } from './schedule.ts';
import { shows } from './show.ts';
import { timeslots } from './timeslot.ts';

export const resources: readonly Resource[] = [
  settings,
  shows,
  schedules,
  timeslots,
  episodes,
  allMedia,
  profiles,
  categories,
];

/** Who refers to things in `table`, and by which field: what stands in the way of deleting one. */
export function referencesTo(
  table: ResourceTable,
): readonly { readonly resource: Resource; readonly reference: Reference }[] {
  return resources.flatMap((resource) =>
    resource.references.filter(({ to }) => to === table).map((reference) => ({ resource, reference })),
  );
}

export function resourceIn(table: ResourceTable): Resource {
  const found = resources.find((resource) => resource.table === table);
  if (found === undefined) throw new TypeError(`no resource is defined for the table ${table}`);
  return found;
}
