// Keeps the list of packages true by the messages about them.
import type { PackageResource } from '@longwave/contracts';
import type { EventFeed } from '../live/event-feed.ts';
import type { ListCache } from '../live/list-cache.ts';
import { packageOf } from './package-item.ts';

/** Starts following; the function returned stops it. */
export function startPackageSync(feed: EventFeed, packages: ListCache<PackageResource>): () => void {
  return feed.listen({
    onMessage: (message) => {
      const item = packageOf(message);
      if (item !== null) packages.put(item);
    },
    onGap: () => void packages.reload(),
  });
}
