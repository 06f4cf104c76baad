// A show: what listeners know by name. The first resource of the radio program.
import { z } from 'zod';
import { resourceMessages } from './resource-messages.ts';
import { line, prose } from './text.ts';

const link = z.strictObject({ type: line(64), url: z.url({ protocol: /^https?$/ }).max(2048) });

/** What a client may say of a show. Only the name cannot be guessed. */
export const showInput = z.strictObject({
  name: line(255),
  /** Derived from the name when absent; unique in the station. */
  slug: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters and digits, in words joined by single hyphens')
    .max(255)
    .optional(),
  shortDescription: prose(1_000).default(''),
  description: prose(20_000).default(''),
  internalNote: prose(20_000).default(''),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language tag'))
    .max(32)
    .default([]),
  links: z.array(link).max(32).default([]),
  isActive: z.boolean().default(true),
  isPublic: z.boolean().default(true),
  /** The show that this one continues. */
  predecessorId: z.int().positive().nullable().default(null),
});

/** A JSON merge patch (RFC 7396) of a show: what is absent stays as it is. */
export const showPatch = z.strictObject({
  name: showInput.shape.name.optional(),
  slug: showInput.shape.slug,
  shortDescription: showInput.shape.shortDescription.unwrap().optional(),
  description: showInput.shape.description.unwrap().optional(),
  internalNote: showInput.shape.internalNote.unwrap().optional(),
  languages: showInput.shape.languages.unwrap().optional(),
  links: showInput.shape.links.unwrap().optional(),
  isActive: z.boolean().optional(),
  isPublic: z.boolean().optional(),
  predecessorId: z.int().positive().nullable().optional(),
});

export const show = z.object({
  ...showInput.shape,
  id: z.int().positive(),
  slug: z.string(),
  shortDescription: z.string(),
  description: z.string(),
  internalNote: z.string(),
  languages: z.array(z.string()),
  links: z.array(z.object({ type: z.string(), url: z.string() })),
  isActive: z.boolean(),
  isPublic: z.boolean(),
  predecessorId: z.int().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export type ShowInput = z.infer<typeof showInput>;
export type ShowPatch = z.infer<typeof showPatch>;
export type Show = z.infer<typeof show>;

export const showMessages = resourceMessages('steering', 'show', z.int().positive(), 123);
