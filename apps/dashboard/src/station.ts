// Everything the page is made of, put together once: connection, caches, and what keeps the caches true.
// Knows nothing of React and reads nothing global: the browser comes in as a parameter.
import type { PackageResource, Show } from '@longwave/contracts';
import { QueryClient } from '@tanstack/react-query';
import { FeedStore } from './feed/feed-store.ts';
import { familyOf } from './feed/subject-parts.ts';
import { Api, ProblemError } from './http/api.ts';
import { EventFeed, eventsUrl, type EventStream } from './live/event-feed.ts';
import { ListCache, type Page } from './live/list-cache.ts';
import { packageTraits, PACKAGES_FIRST_PAGE } from './packages/package-item.ts';
import { startPackageSync } from './packages/package-sync.ts';
import { RateMeter } from './scale/rate-meter.ts';
import { ShowApi, SHOWS_FIRST_PAGE, showTraits } from './shows/show-api.ts';
import { startShowSync } from './shows/show-sync.ts';

/** What is public: the subjects the page listens to. */
const SUBJECTS = ['resource.>', 'program.>', 'longwave.v1.events.>'] as const;

export type BrowserPorts = {
  readonly fetch: typeof fetch;
  readonly openEventStream: (url: string) => EventStream;
  readonly now: () => Date;
  readonly random: () => number;
  /** A new unguessable id, also where the page was not loaded over https. */
  readonly newId: () => string;
};

export type Station = {
  readonly now: () => Date;
  readonly newId: () => string;
  readonly api: Api;
  readonly showApi: ShowApi;
  readonly feed: EventFeed;
  readonly feedStore: FeedStore;
  readonly rate: RateMeter;
  readonly queryClient: QueryClient;
  readonly shows: ListCache<Show>;
  readonly packages: ListCache<PackageResource>;
};

export function createStation({ fetch, openEventStream, now, random, newId }: BrowserPorts): Station {
  const api = new Api(fetch);
  const showApi = new ShowApi(api);
  const queryClient = createQueryClient();
  return {
    now,
    newId,
    api,
    showApi,
    feed: new EventFeed({ url: eventsUrl(SUBJECTS), open: openEventStream, now, random }),
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
  const { feed, feedStore, rate, queryClient, shows, packages, showApi, now } = station;
  const stops = [
    feedStore.follow(feed, now),
    feed.listen({ onMessage: ({ subject }) => rate.record(familyOf(subject), now().getTime()) }),
    startShowSync(feed, shows, showApi),
    startPackageSync(feed, packages),
    refreshOnReconnect(feed, queryClient),
  ];
  feed.start();
  return () => {
    feed.stop();
    for (const stop of stops.toReversed()) stop();
    queryClient.clear();
  };
}

/** What is not told by messages is looked at anew whenever the feed comes back. */
function refreshOnReconnect(feed: EventFeed, queryClient: QueryClient): () => void {
  let wasAway = false;
  return feed.listen({
    onSnapshot: ({ connection: { state } }) => {
      if (state === 'live' && wasAway) {
        void queryClient.invalidateQueries({ queryKey: ['health'] });
        void queryClient.invalidateQueries({ queryKey: ['audit'] });
      }
      wasAway = state === 'reconnecting';
    },
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
