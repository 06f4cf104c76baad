// Keeps the list of packages true by the messages about them.
import type { Events } from '@longwave/client';
import type { PackageResource } from '@longwave/contracts';
import type { ListCache } from '../live/list-cache.ts';
import { packageOf } from './package-item.ts';

/** Starts following; the function returned stops it. */
export function startPackageSync(events: Events, packages: ListCache<PackageResource>): () => void {
  return events.subscribe(
    'longwave.v1.events.steering.package.>',
    (event) => {
      const item = packageOf(event);
      if (item !== null) packages.put(item);
    },
    { onGap: () => void packages.reload() },
  );
}
