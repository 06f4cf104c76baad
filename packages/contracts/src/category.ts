// A category: what shows are about, in the words of the station.
import { z } from 'zod';
import { resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { line, prose } from './text.ts';

const fields = {
  name: line(255).meta({ description: 'What listeners read', example: 'Politics' }),
  subtitle: prose(255).default(''),
  description: prose(20_000).default(''),
  isActive: z.boolean().meta({ description: 'Whether shows may still be given it' }).default(true),
};

export const {
  input: categoryInput,
  patch: categoryPatch,
  answer: category,
} = resourceContract('Category', {
  says: 'a category',
  fields,
  example: {
    id: 2,
    name: 'Politics',
    subtitle: '',
    description: 'From the town hall to the world',
    isActive: true,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { isActive: false },
});

export type CategoryInput = z.infer<typeof categoryInput>;
export type Category = z.infer<typeof category>;

export const categoryMessages = resourceMessages('steering', 'category', z.int().positive(), 2, 'categories');
