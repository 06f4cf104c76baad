// S7, for limits as they come from a variable of the environment that is not there.
import { expect, test } from '@jest/globals';
import { systemTime } from '../time.ts';
import { timeLimit } from './time-limit.ts';

test.each([Number.NaN, 0, -1])('S7: a limit of %d ms, by which every handler would fail, is refused', (limitMs) => {
  expect(() => timeLimit({ limitMs, time: systemTime })).toThrow(RangeError);
});
