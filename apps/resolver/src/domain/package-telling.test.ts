// What a message may tell of a package, and what is refused before the database sees it.
import { expect, test } from '@jest/globals';
import { PackageCreated, type PackageMessage } from '@longwave/contracts';
import type { Message } from '@longwave/messaging/contract';
import { readPackageTelling, UnusableMessageError } from './package-telling.ts';

const data: PackageMessage = { namespace: 'default', packageId: { name: 'engine', version: '1.0.0' } };

function message(
  change: { readonly id?: string; readonly data?: PackageMessage; readonly subject?: string } = {},
): Message {
  const { id = 'm1', data: told = data, subject = PackageCreated.of(data).subject } = change;
  const createdAt = new Date('2026-11-21T12:00:00.000Z');
  const stored = {
    stream: 'events',
    epoch: 1,
    sequence: 1,
    storedAt: createdAt,
    headers: {},
    payload: new Uint8Array(),
  };
  const key = 'what the publisher said';
  return { id, type: PackageCreated, data: told, createdAt, key, correlationId: id, stored: { ...stored, subject } };
}

function codeOf(what: Message): string | undefined {
  try {
    readPackageTelling(what);
    return undefined;
  } catch (error) {
    return error instanceof UnusableMessageError ? error.code : String(error);
  }
}

test('the key is the package, whatever the publisher said', () => {
  expect(readPackageTelling(message())).toEqual({
    ...data,
    key: 'package/default/engine/1.0.0',
    toldAt: new Date('2026-11-21T12:00:00.000Z'),
  });
});

test('V6 data that does not belong to its subject is refused', () => {
  expect(codeOf(message({ data: { ...data, namespace: 'other' } }))).toBe('subject-mismatch');
  expect(codeOf(message({ data: { ...data, packageId: { name: 'engine', version: '1.0.1' } } }))).toBe(
    'subject-mismatch',
  );
});

test('V3 texts that no database can keep are refused at once', () => {
  expect(codeOf(message({ data: { ...data, vendor: 'a\u0000' } }))).toBe('unstorable-text');
  expect(codeOf(message({ data: { ...data, description: '\uD800' } }))).toBe('unstorable-text');
  expect(codeOf(message({ data: { ...data, dependencies: [{ name: 'a', range: '\u0000' }] } }))).toBe(
    'unstorable-text',
  );
  expect(codeOf(message({ id: 'x'.repeat(513) }))).toBe('unstorable-text');
});
