// A show: what listeners know by name. What is broadcast are its schedules' timeslots and its episodes.
import { z } from 'zod';
import { idsOf, optionalIdOf, resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { languages, words } from './tags.ts';
import { line, prose } from './text.ts';
import { imageAddress, links } from './web-address.ts';

const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters and digits, in words joined by single hyphens')
  .max(255)
  .meta({
    description:
      'Its name in addresses, unique in the station. Absent: derived from the name of a new show, kept by a show that is there',
    example: 'morning-wave',
  });

const STORAGE_QUOTA_MIB = 10_240;

// Only the name cannot be guessed.
const fields = {
  name: line(255).meta({ description: 'What listeners know it by', example: 'Morning Wave' }),
  slug: slug.optional(),
  shortDescription: prose(1_000).meta({ example: 'Wakes you gently' }).default(''),
  description: prose(20_000).default(''),
  internalNote: prose(20_000).meta({ description: 'For the station, not for listeners' }).default(''),
  languages,
  links,
  isActive: z.boolean().meta({ description: 'Whether it is still produced' }).default(true),
  isPublic: z.boolean().meta({ description: 'Whether listeners may see it' }).default(true),
  predecessorId: optionalIdOf('show', 'The show that this one continues'),
  defaultMediaId: optionalIdOf('media', 'What is played where neither episode nor schedule say anything'),
  categoryIds: idsOf('category', 'What it is about'),
  hostIds: idsOf('profile', 'Who makes it, as listeners know them'),
  owners: words('Ids of the users who may change it'),
  topics: words('What it speaks of'),
  musicFocus: words('What music it plays'),
  type: z
    .string()
    .max(64)
    .regex(/^[^\u0000-\u001F\u007F-\u009F]*$/)
    .meta({ description: 'Its format, e.g. `talk`' })
    .default(''),
  fundingCategory: z
    .string()
    .max(64)
    .regex(/^[^\u0000-\u001F\u007F-\u009F]*$/)
    .meta({ description: 'As the authority wants it reported' })
    .default(''),
  logo: imageAddress,
  image: imageAddress,
  numberOfPeople: z.int().min(0).max(10_000).nullable().meta({ description: 'How many make it' }).default(null),
  storageQuotaMiB: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .meta({ description: 'How much its media may take' })
    .default(STORAGE_QUOTA_MIB),
  cbaId: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .nullable()
    .meta({ description: 'Its number in the Cultural Broadcasting Archive' })
    .default(null),
};

const exampleShow = {
  id: 123,
  name: 'Morning Wave',
  slug: 'morning-wave',
  shortDescription: 'Wakes you gently',
  description: '',
  internalNote: '',
  languages: ['de', 'en'],
  links: [{ type: 'website', url: 'https://radio.example/morning' }],
  isActive: true,
  isPublic: true,
  predecessorId: null,
  defaultMediaId: 7,
  categoryIds: [2],
  hostIds: [5],
  owners: ['maria'],
  topics: ['local news'],
  musicFocus: ['jazz'],
  type: 'magazine',
  fundingCategory: '',
  logo: null,
  image: 'https://radio.example/morning.jpg',
  numberOfPeople: 3,
  storageQuotaMiB: STORAGE_QUOTA_MIB,
  cbaId: null,
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedAt: '2026-11-21T12:00:00.000Z',
};

export const {
  input: showInput,
  patch: showPatch,
  answer: show,
} = resourceContract('Show', {
  says: 'a show',
  fields,
  example: exampleShow,
  patchExample: { shortDescription: 'Wakes you gently, on weekdays' },
});

export type ShowInput = z.infer<typeof showInput>;
export type ShowPatch = z.infer<typeof showPatch>;
export type Show = z.infer<typeof show>;

export const showMessages = resourceMessages('steering', 'show', z.int().positive(), 123);
