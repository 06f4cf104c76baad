// The media. Which media is played is a matter of the program; what is in it is not: its sources touch nothing.
import { media, mediaInput, mediaMessages, mediaPatch } from '@longwave/contracts';
import { foldText } from '../domain/folded-text.ts';
import { defineResource } from '../domain/resource.ts';
import { byName, nameContains } from './filters.ts';

export const allMedia = defineResource({
  type: 'media',
  collection: 'media',
  table: 'media',
  contract: { input: mediaInput, patch: mediaPatch, answer: media },
  messages: mediaMessages,
  filters: { q: nameContains('name') },
  orders: { name: byName },
  derived: ({ name }) => ({ foldedName: foldText(name) }),
  label: ({ name }) => name,
});
