// The categories.
import { category, categoryInput, categoryMessages, categoryPatch } from '@longwave/contracts';
import { foldText } from '../domain/folded-text.ts';
import { defineResource } from '../domain/resource.ts';
import { byName, flag, nameContains } from './filters.ts';

export const categories = defineResource({
  type: 'category',
  collection: 'categories',
  table: 'category',
  contract: { input: categoryInput, patch: categoryPatch, answer: category },
  messages: categoryMessages,
  filters: {
    isActive: flag('isActive', 'Only those that are, or are not, in use'),
    q: nameContains('name'),
  },
  orders: { name: byName },
  derived: ({ name }) => ({ foldedName: foldText(name) }),
  label: ({ name }) => name,
});
