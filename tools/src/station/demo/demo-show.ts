// What the demo station knows of one of its shows. Everything is named by keys, because ids come from the service.
import type { EpisodeInput, ShowInput } from '@longwave/contracts';
import type { Broadcast } from './broadcasts.ts';
import type { MediaKey } from './demo-media.ts';
import type { demoCategories, demoPeople } from './demo-people.ts';

type Person = keyof typeof demoPeople;

export type DemoShow = Partial<
  Omit<ShowInput, 'slug' | 'categoryIds' | 'hostIds' | 'defaultMediaId' | 'predecessorId'>
> & {
  readonly name: string;
  readonly slug: string;
  /** The slug of a show before it in the list. */
  readonly continues?: string;
  readonly categories?: readonly (keyof typeof demoCategories)[];
  readonly hosts?: readonly Person[];
  readonly media?: MediaKey;
  /** The first is what repetitions repeat. */
  readonly broadcasts?: readonly Broadcast[];
  readonly episode?: DemoEpisode;
};

/** It is on air in the next timeslot of the show's first broadcast. */
export type DemoEpisode = Partial<Omit<EpisodeInput, 'showId' | 'contributorIds' | 'mediaId' | 'memo'>> & {
  readonly title: string;
  readonly contributors?: readonly Person[];
  readonly media?: MediaKey;
  /** What those on duty in that timeslot have to know. */
  readonly memo?: string;
};
