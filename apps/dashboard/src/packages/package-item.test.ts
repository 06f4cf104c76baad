import { PackageCreated, PackageUpdated, type PackageMessage } from '@longwave/contracts';
import { expect, test } from '@jest/globals';
import type { FeedEvent } from '@longwave/client';
import { compareVersions, packageOf, packageTraits } from './package-item.ts';

const data = {
  namespace: 'default',
  packageId: { name: 'playout-engine', version: '1.4.0' },
  description: 'Plays',
  vendor: 'Longwave',
  dependencies: [{ name: 'codec-pack', range: '^2.1.0' }],
};

const told = (subject: string, value: unknown): FeedEvent => ({
  cursor: 'c',
  id: '1',
  subject,
  time: '2026-11-21T12:00:00.250Z',
  payload: { kind: 'json', value: { version: 1, createdAt: '2026-11-21T12:00:00.000Z', data: value } },
});

test('the messages of the contract are understood', () => {
  for (const type of [PackageCreated, PackageUpdated]) {
    expect(packageOf(told(type.of(data).subject, data))).toEqual({
      ...data,
      createdAt: '2026-11-21T12:00:00.000Z',
      updatedAt: '2026-11-21T12:00:00.000Z',
    });
  }
});

test('packages of other namespaces, and data that belongs to another subject, are not taken', () => {
  const other = { ...data, namespace: 'transmitters' };
  expect(packageOf(told(PackageCreated.of(other).subject, other))).toBeNull();
  const { subject } = PackageCreated.of(data);
  expect(packageOf(told(subject, { ...data, packageId: { name: 'codec-pack', version: '1.4.0' } }))).toBeNull();
});

test('what does not say which package it is about is ignored', () => {
  const { subject } = PackageCreated.of(data);
  for (const value of [null, {}, { namespace: 'x' }, { namespace: 'x', packageId: { name: 1, version: '1' } }]) {
    expect(packageOf(told(subject, value))).toBeNull();
  }
  expect(packageOf(told('resource.steering.show.1.created', data))).toBeNull();
});

test('fields of the wrong type are left out, not shown', () => {
  const { subject } = PackageCreated.of(data);
  const odd = { ...data, description: 7, vendor: null, dependencies: ['x', { name: 'a', range: '1' }] };
  const item = packageOf(told(subject, odd));
  expect(item).not.toHaveProperty('description');
  expect(item).not.toHaveProperty('vendor');
  expect(item?.dependencies).toEqual([{ name: 'a', range: '1' }]);
});

test('versions are in the order that semver.org gives as its example', () => {
  const order = [
    '0.9.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '2.0.0',
    '2.1.0',
    '2.1.1',
    '2.10.0',
  ];
  for (const [left, a] of order.entries()) {
    for (const [right, b] of order.entries()) {
      expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(left - right));
    }
  }
  expect(compareVersions('1.0.0+build.1', '1.0.0+build.2')).toBe(0);
});

test('packages are listed by name, newest version first', () => {
  const item = (name: string, version: string) => ({
    namespace: 'default',
    packageId: { name, version },
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  });
  const items = [item('b', '1.0.0'), item('a', '1.9.0'), item('a', '1.10.0')].toSorted(packageTraits.compare);
  expect(items.map(({ packageId }) => packageId)).toEqual([
    { name: 'a', version: '1.10.0' },
    { name: 'a', version: '1.9.0' },
    { name: 'b', version: '1.0.0' },
  ] satisfies PackageMessage['packageId'][]);
});
