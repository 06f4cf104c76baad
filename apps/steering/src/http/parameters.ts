// The parts of requests that several routes share.
import { namespace, packageName, packageVersion } from '@longwave/contracts';
import { decimalInteger } from '@longwave/runtime';
import { z } from 'zod';
import { CURSOR_LENGTH_MAX } from '../domain/cursor.ts';

export const packageParams = z.object({ name: packageName, version: packageVersion });

export const namespaceHeader = namespace.default('default');

const LIMIT_DEFAULT = 50;

export const pageParameters = {
  limit: decimalInteger({ min: 1, max: 200 })
    .default(LIMIT_DEFAULT)
    .meta({
      description: 'How many at most',
      example: 20,
      // zod leaves out the default of what it transforms, because it is not written as a client writes it.
      override: ({ jsonSchema }) => {
        jsonSchema.default = LIMIT_DEFAULT;
      },
    }),
  cursor: z
    .string()
    .max(CURSOR_LENGTH_MAX)
    .optional()
    .meta({ description: 'From `next` of the page before; only with the same filters and order' }),
};
