import { expect, test } from '@jest/globals';
import { familyOf, partsOf } from './subject-parts.ts';

test('a subject put together again is the same subject', () => {
  for (const subject of [
    'resource.a.b.1.created',
    'program.planned.date.2026-11-21.updated',
    'longwave.v1.events',
    '',
  ]) {
    expect(
      partsOf(subject)
        .map(({ token }) => token)
        .join('.'),
    ).toBe(subject);
  }
});

test('what all of a family share is the prefix, the last token is the last', () => {
  expect(partsOf('longwave.v1.events.steering.device.seen').map(({ role }) => role)).toEqual([
    'prefix',
    'prefix',
    'prefix',
    'middle',
    'middle',
    'last',
  ]);
});

test('families are told by whole tokens', () => {
  expect(familyOf('resource.x')).toBe('resource');
  expect(familyOf('resources.x')).toBe('other');
  expect(familyOf('longwave.v1.service.x')).toBe('other');
});
