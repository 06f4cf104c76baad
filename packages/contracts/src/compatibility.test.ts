// The gate in front of incompatible contracts. Messages stay in streams for months and wait in outboxes, so every
// message that was ever sent must still be read. `fixtures` holds some of each version of each type, recorded when that
// version was new: `npm run documents` adds those that are missing, and nothing ever changes one.
import { expect, test } from '@jest/globals';
import { event, type EventType, type OlderVersions } from '@longwave/messaging/contract';
import { readRecorded, recordedMessage } from '@longwave/messaging/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageTypes } from './message-types.ts';

const folder = new URL('../fixtures/', import.meta.url);

const recordings = readdirSync(folder).map((file) => ({
  file,
  ...recordedMessage.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
}));

test.each(recordings)('what was recorded in $file is still read, and still says the same', (recorded) => {
  expect(() => readRecorded(messageTypes, recorded)).not.toThrow();
});

test('every version that is sent today is recorded', () => {
  const unrecorded = messageTypes.filter(
    (type) =>
      !recordings.some(({ subject, payloads: [first] }) => speaks(type, subject) && first?.version === type.version),
  );
  // If not: npm run documents
  expect(unrecorded.map(({ name, version }) => `${name}.v${version}`)).toEqual([]);
});

const told = {
  subject: 'longwave.v1.events.station.mast.lifecycle.raised.7',
  key: 'mast/7',
  headers: {},
  payloads: [{ version: 1, createdAt: '2026-11-21T12:00:00.000Z', data: { id: 7, name: 'North' } }],
};
const mast = <
  Schema extends z.ZodType<{ id: number }>,
  Schemas extends Readonly<Record<number, z.ZodType>> = Readonly<Record<never, z.ZodType>>,
>(
  version: number,
  schema: Schema,
  example: z.output<Schema>,
  older?: OlderVersions<Schemas, Schema>,
) =>
  event('MastRaised', {
    version,
    subject: 'longwave.v1.events.station.mast.lifecycle.raised.{id}',
    address: ({ id }) => ({ id }),
    key: ({ id }) => `mast/${id}`,
    schema,
    example,
    ...(older && { older }),
  });
const id = z.int();
const name = z.string();

test.each([
  [
    'a field that old messages lack is required',
    mast(1, z.object({ id, name, metres: z.int() }), { id: 7, name: '', metres: 9 }),
  ],
  ['a rule is stricter than it was', mast(1, z.object({ id, name: name.max(4) }), { id: 7, name: '' })],
  ['a field is dropped', mast(1, z.object({ id }), { id: 7 })],
  ['the version is raised without an upcast', mast(2, z.object({ id, name }), { id: 7, name: '' })],
])('%s: the gate is shut, and says what to do', (_change, type) => {
  expect(() => readRecorded([type], told)).toThrow(/Raise the version of its type and add an upcast/);
});

test('a field that may be absent can be added', () => {
  const type = mast(1, z.object({ id, name, metres: z.int().optional() }), { id: 7, name: '' });
  expect(() => readRecorded([type], told)).not.toThrow();
});

const raised = { id: 7, name: '', metres: 9 };
const withMetres = z.object({ id, name, metres: z.int() });
type Raised = z.output<typeof withMetres>;
const upcastBy = (upcast: (data: { id: number; name: string }) => Raised) =>
  mast(2, withMetres, raised, { 1: { schema: z.object({ id, name }), upcast } });

test('with an upcast a version can be raised', () => {
  const type = upcastBy((data) => ({ ...data, metres: 0 }));
  expect(() => readRecorded([type], told)).not.toThrow();
});

test.each([
  ['makes what the new version does not take', upcastBy((data) => ({ ...data, metres: 0.5 }))],
  ['makes another entity of it', upcastBy((data) => ({ ...data, metres: 0, id: 8 }))],
])('an upcast that %s keeps the gate shut', (_fault, type) => {
  expect(() => readRecorded([type], told)).toThrow(/Raise the version of its type and add an upcast/);
});

function speaks(type: EventType<unknown>, subject: string): boolean {
  return type.subject.match(subject) !== null;
}
