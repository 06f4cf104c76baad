// Which paths are refused, and to which service the others belong.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTarget } from './request-target.ts';

test.each([
  ['/', ''],
  ['/steering/api/v1/shows/', 'steering'],
  ['/steering', 'steering'],
  ['/steering?x=/../y', 'steering'],
  ['/steering/api/v1/packages/a%2Fb/1.0.0', 'steering'],
  ['/steering/%252e%252e/x', 'steering'],
  ['/steering/...', 'steering'],
  ['/steering/.hidden', 'steering'],
  ['/steering//api', 'steering'],
  // Escaped or in another case it is another word, to everybody.
  ['/%73teering/x', '%73teering'],
  ['/Steering/x', 'Steering'],
  ['/steering;x/y', 'steering;x'],
])('%s belongs to "%s" (G2)', (target, firstSegment) => {
  expect(readTarget(target)).toMatchObject({ firstSegment });
});

test.each([
  ['', /begin with a slash/],
  ['*', /begin with a slash/],
  ['steering', /begin with a slash/],
  ['http://127.0.0.1/steering', /begin with a slash/],
  ['//steering/x', /more than one slash/],
  ['///', /more than one slash/],
  ['/steering/../resolver', /\. or \.\./],
  ['/steering/..', /\. or \.\./],
  ['/./steering', /\. or \.\./],
  ['/steering/%2e%2e/resolver', /\. or \.\./],
  ['/steering/%2E./resolver', /\. or \.\./],
  ['/steering/..%2fresolver', /\. or \.\./],
  ['/steering/x%2F..%2F..%2Fresolver', /\. or \.\./],
  ['/steering/..%5Cresolver', /\. or \.\./],
  ['/steering\\..\\resolver', /backslash/],
  ['/steering#/x', /#/],
  ['/steering/%zz', /broken % escape/],
  ['/steering/%C3', /broken % escape/],
  ['/steering/%00', /NUL/],
])('%s is refused (G2)', (target, detail) => {
  expect(() => readTarget(target)).toThrow(expect.objectContaining({ status: 400, code: 'invalid-path' }));
  expect(() => readTarget(target)).toThrow(detail);
});

test('what is let through means the same to whoever resolves it (G2)', () => {
  const piece = fc.constantFrom(
    '/',
    '.',
    '..',
    '%2e',
    '%2F',
    '%5c',
    '\\',
    'steering',
    'resolver',
    'a',
    ';',
    '%25',
    '//',
    '#',
    '@',
    ':',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const target = `/${pieces.join('')}`;
      let read;
      try {
        read = readTarget(target);
      } catch {
        return;
      }
      const resolved = new URL(target, 'http://gateway.example');
      expect(resolved.host).toBe('gateway.example');
      expect(resolved.pathname).toBe(read.path);
      expect(decodeURIComponent(resolved.pathname).split('/')).not.toContain('..');
    }),
    { numRuns: 2_000 },
  );
});
