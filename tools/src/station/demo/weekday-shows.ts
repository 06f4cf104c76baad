// The shows of the demo station from Monday to Friday. What is not theirs is a gap, as mornings in a community radio are.
import { again, againOnBusinessDays, businessDays, everyWeeks, lastOne, monthly, weekly } from './broadcasts.ts';
import type { DemoShow } from './demo-show.ts';

const morningTide = businessDays('2016-09-05', '06:00-09:00');
const harbourNews = businessDays('2018-01-08', '12:00-12:30');
const eveningPost = businessDays('2017-03-06', '18:00-19:00');

/** On air on every business day. */
const everyDay: readonly DemoShow[] = [
  {
    name: 'Morning Tide',
    slug: 'morning-tide',
    shortDescription: 'News, weather and the first coffee of the coast.',
    type: 'magazine',
    languages: ['en', 'de'],
    categories: ['news', 'society'],
    hosts: ['maria', 'jonas'],
    numberOfPeople: 6,
    media: 'studio-1',
    broadcasts: [morningTide],
    episode: { title: 'Who owns the quay?', contributors: ['jonas'], topics: ['harbour'] },
  },
  {
    name: 'Harbour News',
    slug: 'harbour-news',
    shortDescription: 'Half an hour of what happened since breakfast.',
    type: 'news',
    languages: ['en'],
    categories: ['news'],
    hosts: ['jonas'],
    media: 'studio-2',
    broadcasts: [harbourNews, lastOne(businessDays('2018-01-08', '17:30-18:00'), 'recordings')],
  },
  {
    name: 'The Evening Post',
    slug: 'the-evening-post',
    shortDescription: 'The day, read twice.',
    type: 'magazine',
    languages: ['en', 'de'],
    categories: ['news'],
    hosts: ['otto', 'aylin'],
    media: 'studio-1',
    broadcasts: [eveningPost, againOnBusinessDays(eveningPost, '09:00-10:00', { days: 1, media: 'recordings' })],
    episode: { title: 'The ferry question', contributors: ['otto', 'aylin'], tags: ['ferry', 'council'] },
  },
];

const deadAir = weekly('2015-10-05', '20:00-21:00');
const kinderkram = weekly('2019-09-03', '15:00-16:00');
const jazzCellar = weekly('2012-01-10', '20:00-22:00');
const labNotes = weekly('2020-02-05', '19:00-20:00');

/** On air once a week, some of them again on another day. */
const everyWeek: readonly DemoShow[] = [
  {
    name: 'Women on Waves',
    slug: 'women-on-waves',
    shortDescription: 'Who is asked too rarely.',
    languages: ['de', 'en'],
    categories: ['society'],
    hosts: ['lena', 'sade'],
    media: 'studio-1',
    broadcasts: [weekly('2014-03-10', '19:00-20:00')],
  },
  {
    name: 'The Dead Air Society',
    slug: 'the-dead-air-society',
    shortDescription: 'An hour about silence, and how to fill it.',
    languages: ['en'],
    categories: ['culture'],
    hosts: ['hanna'],
    media: 'dead-air',
    broadcasts: [deadAir, again(deadAir, '10:00-11:00', { days: 2 })],
    episode: { title: 'Music in lifts', media: 'dead-air-lift', contributors: ['hanna'] },
  },
  {
    name: 'The Bookbinder’s Hour',
    slug: 'the-bookbinders-hour',
    shortDescription: 'One book, taken apart and put together again.',
    languages: ['en'],
    categories: ['culture'],
    hosts: ['ruth'],
    media: 'studio-2',
    broadcasts: [everyWeeks(2, '2024-01-01', '21:00-22:00')],
    episode: { title: 'A log book without a ship', contributors: ['ruth'] },
  },
  {
    name: 'Poetry at Low Water',
    slug: 'poetry-at-low-water',
    shortDescription: 'Read by whoever wrote it.',
    languages: ['en', 'de', 'tr'],
    categories: ['culture', 'languages'],
    hosts: ['ruth', 'aylin'],
    media: 'studio-2',
    broadcasts: [everyWeeks(2, '2024-01-08', '21:00-22:00')],
  },
  {
    name: 'Radio Kinderkram',
    slug: 'radio-kinderkram',
    shortDescription: 'Gemacht von Kindern, für alle.',
    languages: ['de', 'tr'],
    categories: ['young'],
    hosts: ['emil'],
    numberOfPeople: 21,
    media: 'kinderkram',
    broadcasts: [kinderkram, again(kinderkram, '10:00-11:00', { days: 4 })],
    episode: { title: 'Warum ist das Meer nicht voll?', contributors: ['emil'], languages: ['de'] },
  },
  {
    name: 'Komşu',
    slug: 'komsu',
    shortDescription: 'Mahalleden haberler, müzik ve misafirler.',
    languages: ['tr'],
    categories: ['languages', 'society'],
    hosts: ['aylin'],
    media: 'studio-1',
    broadcasts: [weekly('2013-05-07', '19:00-20:00')],
  },
  {
    name: 'Jazz Cellar',
    slug: 'jazz-cellar',
    shortDescription: 'Two hours below street level.',
    musicFocus: ['jazz'],
    languages: ['en'],
    categories: ['music'],
    hosts: ['tomasz'],
    media: 'studio-1',
    broadcasts: [jazzCellar, lastOne(weekly('2012-01-15', '14:00-16:00'), 'recordings')],
    episode: { title: 'Baritone, alone', contributors: ['tomasz'] },
  },
  {
    name: 'Lab Notes',
    slug: 'lab-notes',
    shortDescription: 'What did not work this week, and why that is interesting.',
    languages: ['en'],
    categories: ['science'],
    hosts: ['priya'],
    media: 'lab-notes',
    broadcasts: [labNotes, again(labNotes, '10:00-11:00', { days: 1 })],
    episode: { title: 'What ice remembers', media: 'lab-notes-ice', contributors: ['priya'], topics: ['climate'] },
  },
  {
    name: 'Balkan Brass Bureau',
    slug: 'balkan-brass-bureau',
    shortDescription: 'Office hours: when the trumpets begin.',
    musicFocus: ['brass', 'balkan'],
    languages: ['sr', 'de'],
    categories: ['music', 'languages'],
    hosts: ['mirko'],
    media: 'studio-2',
    broadcasts: [weekly('2018-04-11', '20:00-22:00')],
  },
  {
    name: 'The Quiet Room',
    slug: 'the-quiet-room',
    shortDescription: 'Contemporary music, without applause.',
    musicFocus: ['contemporary'],
    categories: ['music'],
    hosts: ['hanna'],
    media: 'quiet-room',
    broadcasts: [weekly('2021-11-03', '22:00-23:30')],
  },
  {
    name: 'Queer Waves',
    slug: 'queer-waves',
    shortDescription: 'News and noise.',
    languages: ['en', 'de'],
    categories: ['society'],
    hosts: ['sade', 'lena'],
    media: 'studio-1',
    broadcasts: [weekly('2019-06-06', '19:00-20:00')],
  },
];

const thursday = '20:00-22:00';

/** They share the evening of Thursday. A fifth Thursday is nobody's. */
const everyMonth: readonly DemoShow[] = [
  {
    name: 'Council Chamber',
    slug: 'council-chamber',
    shortDescription: 'The meeting of the town council, as it happens.',
    languages: ['de'],
    categories: ['news'],
    hosts: ['otto'],
    media: 'outside-broadcast',
    broadcasts: [monthly(1, '2020-01-02', thursday)],
  },
  {
    name: 'The Listening Club',
    slug: 'the-listening-club',
    shortDescription: 'One record, heard from the first groove to the last.',
    languages: ['en'],
    categories: ['music'],
    hosts: ['tomasz', 'hanna'],
    media: 'studio-1',
    broadcasts: [monthly(2, '2020-01-09', thursday)],
  },
  {
    name: 'Soundscape Workshop',
    slug: 'soundscape-workshop',
    shortDescription: 'What the town sounds like, built live.',
    categories: ['culture', 'young'],
    hosts: ['carlos'],
    media: 'studio-2',
    broadcasts: [monthly(3, '2020-01-16', thursday)],
  },
  {
    name: 'Radio Drama Night',
    slug: 'radio-drama-night',
    shortDescription: 'Two hours with the light out.',
    languages: ['en', 'de'],
    categories: ['culture'],
    hosts: ['ruth'],
    media: 'radio-drama',
    broadcasts: [monthly(4, '2020-01-23', thursday)],
    episode: { title: 'The lighthouse keeper’s daughter', media: 'radio-drama-lighthouse' },
  },
];

export const weekdayShows: readonly DemoShow[] = [...everyDay, ...everyWeek, ...everyMonth];
