// How schemas read on the API page.
import { expect, test } from '@jest/globals';
import { schemaNotation } from './schema-notation.ts';

const string = { type: 'string' };

test.each([
  [{ type: 'integer', minimum: 1, maximum: 50 }, 'integer 1…50'],
  [{ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, 'integer'],
  [{ type: 'string', maxLength: 50 }, 'string ≤ 50'],
  [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
  [{ type: 'array', items: string, minItems: 1 }, 'string[] ≥ 1'],
  [{ type: 'string', enum: ['live', 'tape'] }, '&quot;live&quot; | &quot;tape&quot;'],
  [{ const: null }, 'null'],
  [{ anyOf: [string, { type: 'null' }] }, 'string | null'],
  [{ type: 'object', additionalProperties: string }, '{\n  [name]: string\n}'],
  [{ type: 'object', properties: { id: string, at: string }, required: ['id'] }, '{\n  id: string\n  at?: string\n}'],
  [{ type: 'object', additionalProperties: {} }, 'object'],
  [{ allOf: [{ $ref: '#/components/schemas/Show' }, string] }, '<a href="#Show">Show</a> & string'],
  [{}, 'any'],
  [undefined, 'any'],
])('%j reads as a person would write it', (schema, text) => expect(schemaNotation(schema)).toBe(text));

test('what a schema says is text, never markup', () => {
  const hostile = '<script>alert("1")</script>';
  const schema = {
    type: 'object',
    properties: { [hostile]: { enum: [hostile], description: hostile }, other: { type: hostile, format: hostile } },
  };
  expect(schemaNotation(schema)).not.toContain('<script');
  expect(schemaNotation({ $ref: `#/${hostile}` })).not.toContain('<script');
});
