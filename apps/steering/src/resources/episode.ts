// The episodes.
import { episode, episodeInput, episodeMessages, episodePatch } from '@longwave/contracts';
import { foldText } from '../domain/folded-text.ts';
import { defineResource } from '../domain/resource.ts';
import { byName, nameContains, refersTo, refersToOneOf } from './filters.ts';

export const episodes = defineResource({
  type: 'episode',
  collection: 'episodes',
  table: 'episode',
  contract: { input: episodeInput, patch: episodePatch, answer: episode },
  messages: episodeMessages,
  refersTo: { showId: 'show', mediaId: 'media' },
  refersToMany: { contributorIds: 'profile' },
  filters: {
    showId: refersTo('showId', 'Only those of this show'),
    contributorId: refersToOneOf('contributorIds', 'Only those in which this profile takes part'),
    q: nameContains('title'),
  },
  orders: { title: byName },
  derived: ({ title }) => ({ foldedName: foldText(title) }),
  label: ({ title }) => title,
  programFields: ['mediaId'],
});
