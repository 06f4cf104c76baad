import { expect, test } from '@jest/globals';
import { gapText } from './gap-text.ts';

test('a gap says what may be missing, as far as it is known, and why', () => {
  expect(gapText({ stream: 'resource', from: '4', to: '9', reason: 'expired' })).toBe(
    'Messages 4 to 9 of the stream “resource” may be missing: the stream no longer keeps them.',
  );
  expect(gapText({ stream: 'program', from: '0', to: '9', reason: 'recreated' })).toBe(
    'Messages up to 9 of the stream “program” may be missing: the stream was made anew.',
  );
  expect(gapText({ stream: null, from: null, to: null, reason: 'no-cursor' })).toBe(
    'Messages may be missing: the connection came back without a place to go on from.',
  );
});

test('a reason that is new to this page is shown as it is', () => {
  expect(gapText({ stream: 'a', from: '3', to: '3', reason: 'solar-flare' })).toBe(
    'Message 3 of the stream “a” may be missing: solar-flare.',
  );
});
