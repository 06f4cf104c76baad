// An episode: one piece of a show, on air in a timeslot and perhaps again in its repetitions.
import { z } from 'zod';
import { idOf, idsOf, optionalIdOf, resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { languages, words } from './tags.ts';
import { line, prose } from './text.ts';
import { imageAddress, links } from './web-address.ts';

const fields = {
  showId: idOf('show'),
  title: line(255).meta({ example: 'The harbour at night' }),
  summary: prose(1_000).default(''),
  content: prose(100_000).default(''),
  memo: prose(20_000).meta({ description: 'For the station, not for listeners' }).default(''),
  image: imageAddress,
  contributorIds: idsOf('profile', 'Who takes part'),
  topics: words('What it speaks of'),
  tags: words('How it is found'),
  languages,
  links,
  mediaId: optionalIdOf('media', 'What is played'),
  cbaId: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .nullable()
    .meta({ description: 'Its number in the Cultural Broadcasting Archive' })
    .default(null),
};

export const {
  input: episodeInput,
  patch: episodePatch,
  answer: episode,
} = resourceContract('Episode', {
  says: 'an episode',
  fields,
  example: {
    id: 31,
    showId: 123,
    title: 'The harbour at night',
    summary: '',
    content: '',
    memo: '',
    image: null,
    contributorIds: [5],
    topics: [],
    tags: ['harbour'],
    languages: ['en'],
    links: [],
    mediaId: 7,
    cbaId: null,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { mediaId: null },
});

export type EpisodeInput = z.infer<typeof episodeInput>;
export type Episode = z.infer<typeof episode>;

export const episodeMessages = resourceMessages('steering', 'episode', z.int().positive(), 31);
