// A show: what listeners know by name. The first resource of the radio program.
import { z } from 'zod';
import { resourceMessages } from './resource-messages.ts';
import { line, prose } from './text.ts';

const link = z.strictObject({
  type: line(64).meta({ description: 'What is behind it', example: 'website' }),
  // Not z.url(), which takes spaces and line ends out of an address instead of refusing it.
  url: z
    .string()
    .max(2048)
    .regex(/^https?:\/\/[^\s\u0000-\u001F\u007F]+$/, 'an http or https address, without spaces')
    .refine((text) => URL.canParse(text), 'an http or https address')
    .meta({ format: 'uri', example: 'https://radio.example/morning' }),
});

/** Ids are numbers that every JSON reader and a Postgres integer hold. */
const showId = z.int().min(1).max(2_147_483_647);

/** What a client may say of a show. Only the name cannot be guessed. */
export const showInput = z
  .strictObject({
    name: line(255).meta({ description: 'What listeners know it by', example: 'Morning Wave' }),
    slug: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters and digits, in words joined by single hyphens')
      .max(255)
      .optional()
      .meta({
        description:
          'Its name in addresses, unique in the station. Absent: derived from the name of a new show, kept by a show that is there',
        example: 'morning-wave',
      }),
    shortDescription: prose(1_000).default('').meta({ example: 'Wakes you gently' }),
    description: prose(20_000).default(''),
    internalNote: prose(20_000).default('').meta({ description: 'For the station, not for listeners' }),
    languages: z
      .array(z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language tag'))
      .max(32)
      .default([])
      .meta({ description: 'BCP 47 language tags', example: ['de', 'en'] }),
    links: z.array(link).max(32).default([]),
    isActive: z.boolean().default(true).meta({ description: 'Whether it is still produced' }),
    isPublic: z.boolean().default(true).meta({ description: 'Whether listeners may see it' }),
    predecessorId: showId
      .nullable()
      .default(null)
      .meta({ description: 'The show that this one continues; null for none', example: 12 }),
  })
  .meta({ id: 'ShowInput', description: 'What a client may say of a show' });

/** A JSON merge patch (RFC 7396) of a show: what is absent stays as it is. */
export const showPatch = z
  .strictObject({
    name: showInput.shape.name.optional(),
    slug: showInput.shape.slug,
    shortDescription: showInput.shape.shortDescription.unwrap().optional(),
    description: showInput.shape.description.unwrap().optional(),
    internalNote: showInput.shape.internalNote.unwrap().optional(),
    languages: showInput.shape.languages.unwrap().optional(),
    links: showInput.shape.links.unwrap().optional(),
    isActive: z.boolean().optional(),
    isPublic: z.boolean().optional(),
    predecessorId: showId.nullable().optional(),
  })
  .meta({
    id: 'ShowPatch',
    description: 'A JSON merge patch (RFC 7396): what is absent stays as it is, an array replaces the array',
    example: { shortDescription: 'Wakes you gently, on weekdays' },
  });

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
  createdAt: '2026-11-21T12:00:00.000Z',
  updatedAt: '2026-11-21T12:00:00.000Z',
};

/** A show as steering answers it. */
export const show = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    slug: z.string().meta({ description: 'Unique in the station' }),
    shortDescription: z.string(),
    description: z.string(),
    internalNote: z.string(),
    languages: z.array(z.string()),
    links: z.array(z.object({ type: z.string(), url: z.string() })),
    isActive: z.boolean(),
    isPublic: z.boolean(),
    predecessorId: z.int().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime().meta({ description: 'Later with every real change, and only then' }),
  })
  .meta({ id: 'Show', description: 'A show as it is now', example: exampleShow });

export type ShowInput = z.infer<typeof showInput>;
export type ShowPatch = z.infer<typeof showPatch>;
export type Show = z.infer<typeof show>;

export const showMessages = resourceMessages('steering', 'show', z.int().positive(), 123);
