// What may name a tenant, a package and a version: these become subjects, URLs and keys.
import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { namespace, PackageCreated, packageDependency, packageName, packageVersion } from './package.ts';
import { show } from './show.ts';

const never = ['', ' ', '*', '>', 'a b', 'a/b', 'a\u0000', 'a\r\nb', 'a\n', 'é', '👋', '\uD800', 'x'.repeat(300)];
const tables: readonly (readonly [string, z.ZodType, readonly string[], readonly string[]])[] = [
  [
    'a namespace',
    namespace,
    ['a', 'default', 'my.tenant_1-x', 'x'.repeat(64)],
    [...never, '.', '..', '.a', 'a.', '-a', 'a-', '_a', 'a_', 'x'.repeat(65)],
  ],
  [
    'a package name',
    packageName,
    ['a', 'playout-engine', 'lib+x_1.2', 'x'.repeat(100)],
    [...never, '.', '..', '+-_', 'x'.repeat(101)],
  ],
  [
    'a version',
    packageVersion,
    [
      '0.0.0',
      '1.4.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-0.3.7',
      '1.0.0-x-y-z.4',
      '1.0.0+20130313144700',
      '2.1.0-beta.3+exp.sha',
    ],
    [
      ...never,
      '1',
      '1.0',
      '1.0.0.0',
      'v1.0.0',
      '01.0.0',
      '1.0.0-01',
      '1.0.0-',
      '1.0.0+',
      '1.0.0-a..b',
      '-1.0.0',
      '1.0.0-é',
      `1.0.0-${'x'.repeat(60)}`,
    ],
  ],
];

describe.each(tables)('%s', (_what, schema, good, bad) => {
  test.each(good)('may be %j', (text) => expect(schema.safeParse(text).success).toBe(true));
  test.each(bad)('may not be %j', (text) => expect(schema.safeParse(text).success).toBe(false));
});

test('a range of versions is what semver has signs for, and nothing that a shell or a query has', () => {
  const range = (text: string): boolean => packageDependency.safeParse({ name: 'a', range: text }).success;
  expect(['^1.2.0', '~1.2', '>=1.0.0 <2.0.0', '1.x || 2.*', '1.2.3 - 2.0.0', '*'].every(range)).toBe(true);
  expect([...never.filter((text) => !['*', '>', ' ', 'a b'].includes(text)), '1;2', '$(x)', "'"].some(range)).toBe(
    false,
  );
});

test('what the rules let through fits into a subject, whatever has to be escaped', () => {
  const data = {
    namespace: `x${'.'.repeat(20)}y`,
    packageId: { name: `a${'+'.repeat(20)}`, version: `1.0.0-${'a.'.repeat(9)}a` },
  };
  const { subject } = PackageCreated.of(data);
  expect(subject).toMatch(/^longwave\.v1\.events\.steering\.package\.lifecycle\.created(\.[A-Za-z0-9_%-]+){3}$/);
  expect(PackageCreated.subject.match(subject)).toEqual({ namespace: data.namespace, ...data.packageId });
});

test('an example of a show is a show', () => {
  const example = show.meta()?.['example'];
  expect(show.parse(example)).toEqual(example);
});
