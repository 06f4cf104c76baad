// The query parameters by which lists are narrowed: how each is written, described and asked of the database.
import { RESOURCE_ID_MAX } from '@longwave/contracts';
import { decimalInteger } from '@longwave/runtime';
import { z } from 'zod';
import { foldText } from '../domain/folded-text.ts';
import { instantText } from '../domain/instant.ts';
import type { Filter, Order } from '../domain/resource.ts';
import { containing } from '../domain/like-pattern.ts';

/** `schema` is of the text in the query; absent means that the parameter does not restrict. */
function filter<Schema extends z.ZodType>(schema: Schema, where: (value: z.output<Schema>) => object): Filter {
  // What comes in is what the schema has made.
  return { schema, where: (value) => where(value as z.output<Schema>) };
}

/** zod describes what it transforms as text. */
const writtenAs = (type: 'boolean' | 'string') => ({
  override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
    delete jsonSchema['enum'];
    jsonSchema['type'] = type;
  },
});

export function flag(field: string, description: string): Filter {
  const schema = z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description, ...writtenAs('boolean') });
  return filter(schema, (value) => ({ [field]: value }));
}

const id = decimalInteger({ min: 1, max: RESOURCE_ID_MAX });

/** Those whose `field` is the id. */
export function refersTo(field: string, description: string): Filter {
  return filter(id.optional().meta({ description, example: 12 }), (value) => ({ [field]: value }));
}

/** Those in whose list `field` the id is. */
export function refersToOneOf(field: string, description: string): Filter {
  return filter(id.optional().meta({ description, example: 12 }), (value) => ({ [field]: { has: value } }));
}

export function exactly(field: string, description: string, example: string): Filter {
  return filter(z.string().max(255).optional().meta({ description, example }), (value) => ({ [field]: value }));
}

/** What people search by: the column `foldedName`. */
export function nameContains(what: string): Filter {
  const schema = z
    .string()
    .max(255)
    .optional()
    .meta({
      description: `Only those whose ${what} contains this, whatever the case and the accents`,
      example: 'wave',
    });
  return filter(schema, (text) => ({ foldedName: { contains: containing(foldText(text ?? '')) } }));
}

export const byName: Order = { column: 'foldedName', kind: 'text' };

const instant = (description: string) => instantText.optional().meta({ description, example: '2026-11-21T00:00:00Z' });

/** Instants after `field`'s, or before it. */
export function startsBefore(field: string, description: string): Filter {
  return filter(instant(description), (text) => ({ [field]: { lt: text } }));
}

export function endsAfter(field: string, description: string): Filter {
  return filter(instant(description), (text) => ({ [field]: { gt: text } }));
}

const IDS_MAX = 200;

/** Every list has it. */
export const ids: Filter = filter(
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(id).max(IDS_MAX))
    .optional()
    .meta({
      description: `Only these, at most ${IDS_MAX}, separated by commas`,
      example: '1,2,3',
      ...writtenAs('string'),
    }),
  (value) => ({ id: { in: value ?? [] } }),
);
