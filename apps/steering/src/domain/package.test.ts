// The messages of a package, and what counts as a change of it.
import { SubjectError } from '@longwave/messaging/contract';
import { expect, test } from '@jest/globals';
import { isSamePackage, packageDrafts } from './package.ts';

const key = { namespace: 'default', packageId: { name: 'C++', version: '1.0.0' } };

test('an identity that no subject can hold is refused before anything is stored', () => {
  const longest = { namespace: 'default', packageId: { name: `a${'.'.repeat(99)}`, version: '1.0.0' } };
  expect(() => packageDrafts(longest, {})).toThrow(SubjectError);
});

test('what is new and what has changed is told on the subjects of the package, with the same data', () => {
  const { created, updated } = packageDrafts(key, { vendor: 'Longwave' });
  expect(created.subject).toBe('longwave.v1.events.steering.package.lifecycle.created.default.C%2B%2B.1%2E0%2E0');
  expect(updated.subject).toBe('longwave.v1.events.steering.package.lifecycle.updated.default.C%2B%2B.1%2E0%2E0');
  expect(created.wireData).toEqual({ ...key, vendor: 'Longwave' });
  expect(updated.wireData).toEqual(created.wireData);
  expect(created.key).toBe(updated.key);
});

test('absent and undefined are the same; absent and empty are not', () => {
  expect(isSamePackage({ vendor: undefined }, {})).toBe(true);
  expect(isSamePackage({ description: '' }, {})).toBe(false);
  expect(isSamePackage({ dependencies: [] }, {})).toBe(false);
});
