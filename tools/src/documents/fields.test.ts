import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { fieldsOf } from './fields.ts';
import { wireSchemaOf } from './wire-schema.ts';

test('fields are told with their place, type, bounds and meaning', () => {
  const schema = z.object({
    id: z.int().positive().meta({ description: 'Which one' }),
    kind: z.enum(['live', 'repeat']).optional(),
    title: z.string().max(5).nullable(),
    parts: z.array(z.object({ at: z.iso.datetime() })),
  });
  expect(fieldsOf(wireSchemaOf(schema))).toEqual([
    { name: 'id', type: 'integer, > 0', required: true, says: 'Which one' },
    { name: 'kind', type: '"live" or "repeat"', required: false, says: '' },
    { name: 'title', type: 'string, ≤ 5 characters or null', required: true, says: '' },
    { name: 'parts', type: 'array of object', required: true, says: '' },
    { name: 'parts[].at', type: 'string, date-time', required: true, says: '' },
  ]);
});
