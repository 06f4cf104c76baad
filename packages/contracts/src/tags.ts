// Short lists of words by which people find things.
import { z } from 'zod';
import { line } from './text.ts';

export const languages = z
  .array(z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language tag'))
  .max(32)
  .meta({ description: 'BCP 47 language tags', example: ['de', 'en'] })
  .default([]);

export function words(description: string): z.ZodDefault<z.ZodArray<z.ZodString>> {
  return z.array(line(64)).max(32).meta({ description }).default([]);
}
