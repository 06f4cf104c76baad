// The settings of this service, besides those that every service has.
import { parseFilter, type SubjectFilter } from '@longwave/messaging/contract';
import { natsSettings } from '@longwave/messaging/jetstream';
import { decimalInteger, serviceConfig } from '@longwave/runtime';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

/** Comma-separated; white space around an item does not count, an empty list is allowed. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

export const config = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 })
    .default(8084)
    .meta({ description: 'a TCP port, or 0 for any free one' }),
  ...natsSettings,
  HEARTBEAT_MS: decimalInteger({ min: 100, max: 20_000 })
    .default(15_000)
    .meta({ description: 'milliseconds between heartbeats, at most 20000: proxies cut what is silent for longer' }),
  RING_BYTES_MAX: decimalInteger({ min: 1, max: 1024 * MEBIBYTE })
    .default(32 * MEBIBYTE)
    .meta({ description: 'bytes of recent events kept in memory for each stream' }),
  CONNECTIONS_MAX: decimalInteger({ min: 1, max: 1_000_000 })
    .default(10_000)
    .meta({ description: 'event streams at once; keep it below the limit of open files' }),
  CONNECTIONS_PER_ADDRESS_MAX: decimalInteger({ min: 1, max: 1_000_000 })
    .default(10_000)
    .meta({ description: 'event streams at once from one address; behind a proxy set TRUSTED_PROXIES, too' }),
  CONNECTS_PER_SECOND_MAX: decimalInteger({ min: 1, max: 1_000_000 })
    .default(10_000)
    .meta({ description: 'event streams that may begin in a second; the others are told to come back' }),
  CONNECTION_AGE_MAX_MS: decimalInteger({ min: 1_000, max: 7 * 24 * 3_600_000 })
    .default(3_600_000)
    .meta({ description: 'milliseconds after which a connection is ended, so that its client makes another one' }),
  DRAIN_WINDOW_MS: decimalInteger({ min: 0, max: 600_000 })
    .default(2_000)
    .meta({ description: 'milliseconds over which the streams are ended when the process stops' }),
  FILTERS_PER_CONNECTION_MAX: decimalInteger({ min: 1, max: 1_000 })
    .default(32)
    .meta({ description: 'subjects of one connection' }),
  PUBLIC_SUBJECTS: list
    .transform((texts, context): readonly SubjectFilter[] => texts.flatMap((text) => filterOrIssue(text, context)))
    .prefault('resource.>,program.>,longwave.v1.events.>')
    .meta({ description: 'subject filters by comma: what everybody may hear' }),
  SNAPSHOT_SUBJECTS: list
    .transform((texts, context): readonly SubjectFilter[] => texts.flatMap((text) => filterOrIssue(text, context)))
    .prefault('program.planned.upcoming.>')
    .meta({
      description: 'subject filters by comma: of what is announced as a whole, so that its last message is all',
    }),
  SNAPSHOT_SUBJECTS_MAX: decimalInteger({ min: 1, max: 100_000 })
    .default(10_000)
    .meta({ description: 'subjects of a snapshot, in each stream; of more the client is told to load them otherwise' }),
  CORS_ORIGINS: list
    .refine((origins) => origins.every(isOrigin), 'Invalid input: expected origins; "*" is not one')
    .prefault('')
    .meta({ description: 'origins by comma, like https://radio.example, whose pages may connect' }),
});

export type Config = Readonly<z.infer<typeof config>>;

function filterOrIssue(text: string, context: z.RefinementCtx): readonly SubjectFilter[] {
  try {
    return [parseFilter(text)];
  } catch {
    // Its reason quotes the value, and configuration errors do not repeat values.
    context.addIssue({ code: 'custom', message: 'Invalid input: expected subject filters by comma' });
    return [];
  }
}

/** Credentials go with every request here, so a wildcard would be refused by browsers, and rightly. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
