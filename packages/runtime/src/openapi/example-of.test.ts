// What people are given to start from.
import { expect, test } from '@jest/globals';
import { exampleOf } from './example-of.ts';

const schemas = {
  Show: {
    type: 'object',
    required: ['name', 'length'],
    properties: {
      name: { type: 'string', example: 'Morning Wave' },
      length: { type: 'integer', minimum: 5 },
      note: { type: 'string' },
      languages: { type: 'array', items: { type: 'string' }, example: ['de'] },
    },
  },
  Tree: { type: 'object', required: ['child'], properties: { child: { $ref: '#/components/schemas/Tree' } } },
};

test.each([
  ['an example', { example: 7, type: 'integer' }, 7],
  ['a default', { default: 'id', type: 'string' }, 'id'],
  [
    'what is required, and what has an example',
    { $ref: '#/components/schemas/Show' },
    {
      name: 'Morning Wave',
      length: 5,
      languages: ['de'],
    },
  ],
  ['the first of several', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }, true],
  ['the first of a list', { enum: ['once', 'weekly'] }, 'once'],
  ['nothing, where nothing is said', {}, null],
  ['nothing, where a name leads nowhere', { $ref: '#/components/schemas/Gone' }, null],
])('%s', (_what, schema, expected) => {
  expect(exampleOf(schema, schemas)).toEqual(expected);
});

test('a schema that contains itself has an end', () => {
  expect(JSON.stringify(exampleOf({ $ref: '#/components/schemas/Tree' }, schemas)).length).toBeLessThan(200);
});
