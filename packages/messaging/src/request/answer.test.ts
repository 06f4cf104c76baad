// What callers are told (Q8, Q14), and what their errors say about trying again.
import { expect, test } from '@jest/globals';
import { Reject, Unavailable } from '../errors.ts';
import { Answer, statusOfError, statusOfFailure } from './answer.ts';
import { CallError, Refusal, ReplyError } from './errors.ts';

test('Q14: only a refusal says its text; everything else says where to look', () => {
  expect(statusOfError(new Refusal(404, 'no such show'), 'e1')).toEqual({ status: 404, reason: 'no such show' });
  expect(statusOfError(new Unavailable('secret'), 'e1')).toEqual({ status: 503, reason: 'unavailable (e1)' });
  expect(statusOfError(new Reject('secret'), 'e1')).toEqual({ status: 422, reason: 'rejected (e1)' });
  expect(statusOfError('secret', 'e1')).toEqual({ status: 500, reason: 'unexpected error (e1)' });
});

test('Q8: a request that cannot be read is the fault of who sent it, one that is newer than we are is not', () => {
  expect(statusOfFailure({ code: 'invalid-data', reason: 'x' })).toEqual({ status: 400, reason: 'invalid-data: x' });
  expect(statusOfFailure({ code: 'newer-version', reason: 'x' }).status).toBe(503);
});

test.each([199, 300, 200.5, 0])('Q8: %d is not the status of an answer', (status) => {
  expect(() => new Answer(1, status)).toThrow(RangeError);
});

test.each([200, 399, 600, 404.5])('Q8: %d is not the status of a refusal', (status) => {
  expect(() => new Refusal(status, 'x')).toThrow(RangeError);
});

test.each([
  [300, false],
  [400, false],
  [404, false],
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
  [599, true],
])('Q8: that %d may succeed later is %s', (status, retryable) => {
  expect(new ReplyError(status, 'x', 'T').retryable).toBe(retryable);
});

test('Q10: an error says whether the request may have been handled', () => {
  const outcome = (code: ConstructorParameters<typeof CallError>[0], wasSent?: boolean): string =>
    new CallError(code, 'x', wasSent === undefined ? {} : { wasSent }).outcome;
  expect(outcome('no-responders')).toBe('not-handled');
  expect(outcome('unavailable')).toBe('not-handled');
  expect(outcome('timeout')).toBe('unknown');
  expect(outcome('timeout', false)).toBe('not-handled');
  expect(outcome('bad-reply', true)).toBe('unknown');
});
