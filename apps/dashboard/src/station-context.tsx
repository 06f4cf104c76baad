// Hands the station to the components, and lets them follow what changes in it.
import type { Status } from '@longwave/client';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
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
export function useFeedStatus(): Status {
  const { events } = useStation();
  const watch = useCallback((changed: () => void) => events.watch(changed), [events]);
  return useSyncExternalStore(watch, () => events.status());
}

/**
 * Whether lists may be read. Not before the feed is open (or known to be away): what changed between reading a list
 * and hearing of changes would be missed.
 */
export function useMayLoad(): boolean {
  const { state } = useFeedStatus().connection;
  return state !== 'idle' && state !== 'connecting';
}
