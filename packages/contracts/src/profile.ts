// A profile: a person as listeners know them, who hosts shows and contributes to episodes.
import { z } from 'zod';
import { resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { line, prose } from './text.ts';
import { imageAddress, links } from './web-address.ts';

const fields = {
  name: line(255).meta({ description: 'Under which listeners know them', example: 'Maria Anders' }),
  biography: prose(20_000).default(''),
  email: z.email().max(255).nullable().meta({ description: 'For listeners; null for none' }).default(null),
  image: imageAddress,
  links,
  isActive: z.boolean().meta({ description: 'Whether they are still with the station' }).default(true),
};

export const {
  input: profileInput,
  patch: profilePatch,
  answer: profile,
} = resourceContract('Profile', {
  says: 'a profile',
  fields,
  example: {
    id: 5,
    name: 'Maria Anders',
    biography: 'Has been on air since 1998.',
    email: 'maria@radio.example',
    image: 'https://radio.example/maria.jpg',
    links: [],
    isActive: true,
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { biography: 'Has been on air since 1998, mostly at night.' },
});

export type ProfileInput = z.infer<typeof profileInput>;
export type Profile = z.infer<typeof profile>;

export const profileMessages = resourceMessages('steering', 'profile', z.int().positive(), 5);
