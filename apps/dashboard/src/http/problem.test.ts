import { expect, test } from '@jest/globals';
import { formErrorsOf, readProblem, sentenceOf } from './problem.ts';

const fields = ['name', 'slug', 'links'];
const problemWith = (...errors: readonly object[]) => readProblem(400, { title: 'Invalid body', errors });

test('each part of a problem is at its field', () => {
  const problem = problemWith(
    { pointer: '/name', code: 'too_short', detail: 'Too small: expected string to have >=1 characters' },
    { pointer: '#/slug', code: 'invalid_format', detail: 'lower-case letters' },
  );
  expect(formErrorsOf(problem, fields)).toEqual({
    fields: { name: 'Something is needed here.', slug: 'Lower-case letters.' },
    form: null,
  });
});

test('a part deep inside a field belongs to that field, and two parts of one field are both told', () => {
  const problem = problemWith(
    { pointer: '/links/0/url', code: 'invalid_format', detail: 'not a URL' },
    { pointer: '/links/1/type', code: 'required', detail: 'Invalid input' },
  );
  expect(formErrorsOf(problem, fields).fields).toEqual({ links: 'Not a URL. Something is needed here.' });
});

test('a part that belongs to no field of the form is told by the form', () => {
  const problem = problemWith({ pointer: '/predecessorId', detail: 'there is no show 7' });
  expect(formErrorsOf(problem, fields)).toEqual({ fields: {}, form: 'predecessorId: There is no show 7.' });
});

test('a problem without parts is told by the form', () => {
  const problem = readProblem(409, { title: 'Conflict', detail: 'The slug is taken.', code: 'slug-taken' });
  expect(formErrorsOf(problem, fields)).toEqual({ fields: {}, form: 'The slug is taken.' });
});

test('escapes of a pointer are read', () => {
  expect(formErrorsOf(problemWith({ pointer: '/a~1b~0', detail: 'no.' }), ['a/b~']).fields).toEqual({ 'a/b~': 'No.' });
});

test('an answer that is no problem still says its status', () => {
  for (const body of [null, 'text', [], {}]) {
    expect(sentenceOf(readProblem(502, body))).toBe('The server answered 502');
  }
});

test('parts that are none are ignored', () => {
  expect(readProblem(400, { errors: [null, 7, {}, { pointer: 3, detail: 'x' }] }).parts).toEqual([
    { pointer: '', code: null, detail: 'x' },
  ]);
});
