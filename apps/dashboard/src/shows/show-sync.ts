// Keeps the list of shows true by messages: created and updated are read at the address they name, deleted is gone.
import type { Events } from '@longwave/client';
import type { Show } from '@longwave/contracts';
import type { ListCache } from '../live/list-cache.ts';
import { RefetchQueue } from '../live/refetch-queue.ts';
import type { ShowApi } from './show-api.ts';
import { showChangeOf } from './show-change.ts';

/** Starts following; the function returned stops it. */
export function startShowSync(events: Events, shows: ListCache<Show>, api: ShowApi): () => void {
  const queue = new RefetchQueue({
    read: async (path, signal) => {
      const show = await api.read(path, signal);
      // No show at an address that a message named: its deletion is on the way, or already told.
      if (show !== null) shows.put(show);
    },
    // The list is asked for anew, and if that fails too its panel says so.
    onLost: () => void shows.reload(),
  });
  const unsubscribe = events.subscribe(
    'resource.steering.show.>',
    (event) => {
      const change = showChangeOf(event);
      if (change?.kind === 'read') queue.push(change.path);
      if (change?.kind === 'removed') shows.remove(change.key);
    },
    { onGap: () => void shows.reload() },
  );
  return () => {
    unsubscribe();
    queue.stop();
  };
}
