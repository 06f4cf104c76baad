// Everything the page is made of, put together once: connection, caches, and what keeps the caches true.
// Knows nothing of React and reads nothing global: the browser comes in as a parameter.
import type { Events } from '@longwave/client';
import type { PackageResource, Show } from '@longwave/contracts';
import { QueryClient } from '@tanstack/react-query';
import { FeedStore } from './feed/feed-store.ts';
import { familyOf } from './feed/subject-parts.ts';
import { Api, ProblemError } from './http/api.ts';
import { ListCache, type Page } from './live/list-cache.ts';
import { listenToAll } from './live/public-events.ts';
import { packageTraits, PACKAGES_FIRST_PAGE } from './packages/package-item.ts';
import { startPackageSync } from './packages/package-sync.ts';
import { RateMeter } from './scale/rate-meter.ts';
import { ShowApi, SHOWS_FIRST_PAGE, showTraits } from './shows/show-api.ts';
import { startShowSync } from './shows/show-sync.ts';

export type BrowserPorts = {
  readonly fetch: typeof fetch;
  /** Opens its connection when the station starts to listen. */
  readonly events: Events;
  readonly now: () => Date;
  /** A new unguessable id, also where the page was not loaded over https. */
  readonly newId: () => string;
};

export type Station = {
  readonly now: () => Date;
  readonly newId: () => string;
  readonly api: Api;
  readonly showApi: ShowApi;
  readonly events: Events;
  readonly feedStore: FeedStore;
  readonly rate: RateMeter;
  readonly queryClient: QueryClient;
  readonly shows: ListCache<Show>;
  readonly packages: ListCache<PackageResource>;
};

export function createStation({ fetch, events, now, newId }: BrowserPorts): Station {
  const api = new Api(fetch);
  const showApi = new ShowApi(api);
  const queryClient = createQueryClient();
  return {
    now,
    newId,
    api,
    showApi,
    events,
    feedStore: new FeedStore(),
    rate: new RateMeter(),
    queryClient,
    shows: new ListCache({
      queryClient,
      name: 'shows',
      traits: showTraits,
      firstPage: SHOWS_FIRST_PAGE,
      readPage: (path, signal) => showApi.page(path, signal),
      now,
    }),
    packages: new ListCache({
      queryClient,
      name: 'packages',
      traits: packageTraits,
      firstPage: PACKAGES_FIRST_PAGE,
      readPage: async (path, signal) => (await api.get<Page<PackageResource>>(path, signal)).body,
      now,
    }),
  };
}

/** Connects, and keeps everything true until the function returned is called. */
export function startStation(station: Station): () => void {
  const { events, feedStore, rate, queryClient, shows, packages, showApi, now } = station;
  const stops = [
    feedStore.follow(events, now),
    listenToAll(events, ({ subject }) => rate.record(familyOf(subject), now().getTime())),
    startShowSync(events, shows, showApi),
    startPackageSync(events, packages),
    refreshOnReconnect(events, queryClient),
  ];
  return () => {
    for (const stop of stops.toReversed()) stop();
    events.close();
    queryClient.clear();
  };
}

/** What is not told by messages is looked at anew whenever the feed comes back. */
function refreshOnReconnect(events: Events, queryClient: QueryClient): () => void {
  let wasAway = false;
  return events.watch(({ connection: { state } }) => {
    if (state === 'live' && wasAway) {
      void queryClient.invalidateQueries({ queryKey: ['health'] });
      void queryClient.invalidateQueries({ queryKey: ['audit'] });
    }
    wasAway = state === 'reconnecting';
  });
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Messages say when something is out of date; time and focus say nothing.
        staleTime: Infinity,
        gcTime: Infinity,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        // A service that is away comes back; a request that is wrong stays wrong.
        retry: (_failures, error) => !(error instanceof ProblemError) || error.problem.status >= 500,
        retryDelay: (failures) => Math.min(15_000, 500 * 2 ** failures),
      },
      mutations: { networkMode: 'always' },
    },
  });
}
