// A media: what a playout engine plays, as an ordered list of sources. Episodes, schedules and shows refer to it.
import { z } from 'zod';
import { resourceContract } from './resource-contract.ts';
import { resourceMessages } from './resource-messages.ts';
import { line, prose } from './text.ts';

const uri = (schemes: string) =>
  z
    .string()
    .max(2_048)
    .regex(
      new RegExp(`^(?:${schemes})://[^\\s\\u0000-\\u001F\\u007F]+$`),
      `an address with the scheme ${schemes.replaceAll('|', ' or ')}`,
    );

const durationSeconds = z
  .number()
  .positive()
  .max(7 * 86_400)
  .nullable()
  .meta({ description: 'How long it plays; null: for the rest of the timeslot' })
  .default(null);

/** What the engine's input modules take: systems in the field have exactly these three. */
const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('audio'),
    source: uri('file|https?|line').meta({
      description: 'A file, a stream, or an input of the studio',
      example: 'line://0',
    }),
    durationSeconds,
  }),
  z.strictObject({
    type: z.literal('m3u'),
    source: uri('file').meta({ description: 'A playlist on the disk', example: 'file://night/ambient.m3u' }),
    durationSeconds,
  }),
  z.strictObject({
    type: z.literal('aura-structuredaudio'),
    source: uri('https?').meta({
      description: 'Where a description of structured audio is',
      example: 'https://radio.example/a.json',
    }),
    durationSeconds,
  }),
]);

const SOURCES_MAX = 500;

const fields = {
  name: line(255).meta({ description: 'What the station calls it', example: 'Studio 1, live' }),
  description: prose(20_000).default(''),
  playoutMode: z
    .enum(['linear', 'random'])
    .meta({ description: 'In which order the sources are played' })
    .default('linear'),
  sources: z.array(source).max(SOURCES_MAX).meta({ description: 'In the order in which they are played' }).default([]),
};

export const {
  input: mediaInput,
  patch: mediaPatch,
  answer: media,
} = resourceContract('Media', {
  says: 'a media',
  fields,
  example: {
    id: 7,
    name: 'Studio 1, live',
    description: '',
    playoutMode: 'linear',
    sources: [{ type: 'audio', source: 'line://0', durationSeconds: null }],
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  },
  patchExample: { sources: [{ type: 'audio', source: 'file://2026/jingle.flac', durationSeconds: 12.5 }] },
});

export type MediaInput = z.infer<typeof mediaInput>;
export type Media = z.infer<typeof media>;

export const mediaMessages = resourceMessages('steering', 'media', z.int().positive(), 7, 'media');
