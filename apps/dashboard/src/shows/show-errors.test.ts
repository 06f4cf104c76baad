import { expect, test } from '@jest/globals';
import { ProblemError } from '../http/api.ts';
import { readProblem } from '../http/problem.ts';
import { firstFieldWithError, showErrorsOf } from './show-errors.ts';

test('no error is no text', () => {
  expect(showErrorsOf(null, ['name'])).toEqual({ fields: {}, form: null });
});

test('the focus belongs to the first field of the form that is wrong, whatever the service told first', () => {
  const errors = [
    { pointer: '/slug', code: 'x', detail: 'no' },
    { pointer: '/name', code: 'x', detail: 'no' },
  ];
  const order = ['name', 'slug'];
  const shown = showErrorsOf(new ProblemError(readProblem(400, { errors })), order);
  expect(firstFieldWithError(shown, order)).toBe('name');
});

test('a slug that is taken is told at the slug, and by a form without that field as a whole', () => {
  const problem = { title: 'Slug taken', code: 'slug-taken', detail: 'Another show has the slug.' };
  const error = new ProblemError(readProblem(409, problem));
  expect(showErrorsOf(error, ['slug'])).toEqual({ fields: { slug: 'Another show has the slug.' }, form: null });
  expect(showErrorsOf(error, ['name'])).toEqual({ fields: {}, form: 'Another show has the slug.' });
});

test('an error that is no problem is told by the form', () => {
  expect(showErrorsOf(new Error('No answer.'), ['name'])).toEqual({ fields: {}, form: 'No answer.' });
});
