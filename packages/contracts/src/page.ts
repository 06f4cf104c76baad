// One page of a collection, the same shape everywhere.
import { z } from 'zod';

/** `next` is the URL (path and query) of the following page; null on the last one. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Path and query of the following page; null on the last one' }),
  });
}
