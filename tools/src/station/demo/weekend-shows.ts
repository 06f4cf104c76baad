// The shows of the demo station at night and at weekends, those that are not on air, and the one that fills the gaps.
import { again, daily, monthly, once, weekends, weekly } from './broadcasts.ts';
import type { DemoShow } from './demo-show.ts';

/** It fills the gaps of the program. */
export const fallbackShow: DemoShow = {
  name: 'Between Tides',
  slug: 'between-tides',
  shortDescription: 'Music while nobody is in the studio.',
  categories: ['music'],
  media: 'between-tides',
};

const nightShows: readonly DemoShow[] = [
  {
    name: 'Night Signals',
    slug: 'night-signals',
    shortDescription: 'Shortwave finds and numbers stations, until sunrise.',
    languages: ['en'],
    categories: ['culture'],
    hosts: ['hanna'],
    media: 'night-signals',
    broadcasts: [daily('2016-01-01', '01:00-05:00')],
  },
  {
    name: 'Club Longwave',
    slug: 'club-longwave',
    shortDescription: 'Turn the studio lights down.',
    musicFocus: ['techno', 'house'],
    categories: ['music'],
    hosts: ['sade'],
    media: 'studio-1',
    broadcasts: [weekly('2022-07-01', '22:00-01:00')],
  },
  {
    name: 'Ätherwellen',
    slug: 'aetherwellen',
    shortDescription: 'Elektronische Musik aus kleinen Studios.',
    musicFocus: ['electronic'],
    languages: ['de'],
    categories: ['music'],
    hosts: ['lena'],
    media: 'studio-2',
    broadcasts: [weekly('2017-02-04', '23:00-01:00')],
  },
  {
    name: 'Open Studio Friday',
    slug: 'open-studio-friday',
    shortDescription: 'On the last Friday of the month the door is open, and so are the microphones.',
    categories: ['society', 'music'],
    hosts: ['carlos', 'sade'],
    media: 'studio-1',
    broadcasts: [monthly(-1, '2021-01-29', '20:00-22:00')],
  },
];

const seaLetters = weekly('2018-10-07', '18:00-19:00');

const dayShows: readonly DemoShow[] = [
  {
    name: 'Weekend Breakfast',
    slug: 'weekend-breakfast',
    shortDescription: 'Later than on weekdays, and louder.',
    languages: ['en', 'de'],
    categories: ['music', 'society'],
    hosts: ['maria', 'carlos'],
    media: 'studio-1',
    broadcasts: [weekends('2016-09-10', '08:00-10:00')],
  },
  {
    name: 'Market Square',
    slug: 'market-square',
    shortDescription: 'From between the stalls.',
    type: 'outside broadcast',
    languages: ['de'],
    categories: ['society'],
    hosts: ['jonas'],
    media: 'outside-broadcast',
    broadcasts: [weekly('2015-05-02', '11:00-13:00')],
    episode: { title: 'Quinces', contributors: ['jonas'], memo: 'The van leaves at nine. Bring the long cable.' },
  },
  {
    name: 'Terrace Talk',
    slug: 'terrace-talk',
    shortDescription: 'Ninety minutes of football, and thirty of excuses.',
    languages: ['en'],
    categories: ['sports'],
    hosts: ['otto'],
    media: 'outside-broadcast',
    broadcasts: [weekly('2019-08-03', '17:00-19:00')],
  },
  {
    name: 'Slow Strings',
    slug: 'slow-strings',
    shortDescription: 'For a second pot of tea.',
    musicFocus: ['classical'],
    categories: ['music'],
    hosts: ['ruth'],
    media: 'slow-strings',
    broadcasts: [weekly('2014-01-05', '10:00-12:00')],
  },
  {
    name: 'Letters from the Sea',
    slug: 'letters-from-the-sea',
    shortDescription: 'Read out by those who got them.',
    languages: ['en', 'de'],
    categories: ['culture'],
    hosts: ['ruth'],
    media: 'sea-letters',
    broadcasts: [seaLetters, again(seaLetters, '10:00-11:00', { days: 2 })],
    episode: { title: 'From a weather ship, 1961', contributors: ['ruth', 'nils'] },
  },
];

const retiredShows: readonly DemoShow[] = [
  {
    name: 'Station Archive',
    slug: 'station-archive',
    shortDescription: 'What was on air ten years ago today.',
    languages: ['en'],
    categories: ['culture'],
    hosts: ['nils'],
    isActive: false,
  },
];

/** `openDay`: a Saturday. */
export function weekendShows(openDay: string): readonly DemoShow[] {
  const openHouse: DemoShow = {
    name: 'Open House',
    slug: 'open-house',
    continues: 'station-archive',
    shortDescription: 'Two hours from every room of the station.',
    categories: ['society'],
    hosts: ['maria', 'nils'],
    media: 'outside-broadcast',
    broadcasts: [once(openDay, '14:00-16:00')],
  };
  return [...nightShows, ...dayShows, ...retiredShows, openHouse];
}
