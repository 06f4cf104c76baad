// Hands the station to the components, and lets them follow what changes in it.
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { FeedSnapshot } from './live/event-feed.ts';
import type { Station } from './station.ts';

const StationContext = createContext<Station | null>(null);

export const StationProvider = StationContext.Provider;

/** The station of the page. Throws outside a StationProvider. */
export function useStation(): Station {
  const station = useContext(StationContext);
  if (station === null) throw new Error('useStation needs a StationProvider above it');
  return station;
}

/** The state of the feed's connection; renders again when it changes. */
export function useFeedSnapshot(): FeedSnapshot {
  const { feed } = useStation();
  const listen = useCallback((changed: () => void) => feed.listen({ onSnapshot: changed }), [feed]);
  return useSyncExternalStore(listen, () => feed.snapshot());
}

/**
 * Whether lists may be read. Not before the feed is open (or known to be away): what changed between reading a list
 * and hearing of changes would be missed.
 */
export function useMayLoad(): boolean {
  return useFeedSnapshot().connection.state !== 'connecting';
}
