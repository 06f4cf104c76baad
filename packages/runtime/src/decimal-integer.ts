// A zod schema for an integer that arrives as text: an environment variable, a query or a path parameter.
// Exists because `z.coerce.number()` also takes '', ' ', '0x1F' and '1e3', which nobody meant to write.
import { z } from 'zod';

const decimalPattern = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * Text of a decimal integer → number within `min…max` (default: the integers JSON holds exactly).
 * OpenAPI shows it as an integer.
 */
export function decimalInteger(bounds: { min?: number; max?: number } = {}) {
  const min = bounds.min ?? Number.MIN_SAFE_INTEGER;
  const max = bounds.max ?? Number.MAX_SAFE_INTEGER;
  return z
    .string()
    .regex(decimalPattern, 'Invalid input: expected a decimal integer')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({
      override: ({ jsonSchema }) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, { type: 'integer', minimum: min, maximum: max });
      },
    });
}
