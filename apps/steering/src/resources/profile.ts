// The profiles.
import { profile, profileInput, profileMessages, profilePatch } from '@longwave/contracts';
import { foldText } from '../domain/folded-text.ts';
import { defineResource } from '../domain/resource.ts';
import { byName, flag, nameContains } from './filters.ts';

export const profiles = defineResource({
  type: 'profile',
  collection: 'profiles',
  table: 'profile',
  contract: { input: profileInput, patch: profilePatch, answer: profile },
  messages: profileMessages,
  filters: {
    isActive: flag('isActive', 'Only those that are, or are not, in use'),
    q: nameContains('name'),
  },
  orders: { name: byName },
  derived: ({ name }) => ({ foldedName: foldText(name) }),
  label: ({ name }) => name,
});
