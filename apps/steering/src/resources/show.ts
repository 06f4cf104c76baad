// The shows. Their slug and their succession need more than a definition; see store/show-rules.ts.
import { show, showInput, showMessages, showPatch } from '@longwave/contracts';
import { foldText } from '../domain/folded-text.ts';
import { defineResource } from '../domain/resource.ts';
import { byName, exactly, flag, nameContains, refersTo, refersToOneOf } from './filters.ts';

export const shows = defineResource({
  type: 'show',
  collection: 'shows',
  table: 'show',
  contract: { input: showInput, patch: showPatch, answer: show },
  messages: showMessages,
  refersTo: { predecessorId: 'show', defaultMediaId: 'media' },
  refersToMany: { categoryIds: 'category', hostIds: 'profile' },
  filters: {
    isActive: flag('isActive', 'Only those that are, or are not, still produced'),
    isPublic: flag('isPublic', 'Only those that listeners may, or may not, see'),
    slug: exactly('slug', 'Only the one with this slug', 'morning-wave'),
    categoryId: refersToOneOf('categoryIds', 'Only those of this category'),
    hostId: refersToOneOf('hostIds', 'Only those of this host'),
    predecessorId: refersTo('predecessorId', 'Only those that continue this one'),
    q: nameContains('name'),
  },
  orders: { name: byName },
  derived: ({ name }) => ({ foldedName: foldText(name) }),
  label: ({ name }) => name,
  programFields: ['defaultMediaId'],
});
