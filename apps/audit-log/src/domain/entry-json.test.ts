// The JSON text of entries and pages, against the contract.
import { expect, test } from '@jest/globals';
import { auditEntry, pageOf } from '@longwave/contracts';
import { entryJson, pageJson } from './entry-json.ts';
import type { Entry } from './entry.ts';

const at = new Date('2026-11-21T12:00:00.000Z');
const entry: Entry = {
  sequence: 7,
  messageId: 'id "quoted" \u2028',
  subject: 'a.b',
  type: null,
  source: null,
  actor: null,
  correlationId: 'c',
  causationId: null,
  createdAt: null,
  receivedAt: at,
  recordedAt: at,
  stream: 'events',
  streamEpoch: 1,
  streamSequence: 3,
  payload: new TextEncoder().encode('{"version":1,"data":{"n":9007199254740993,"n":1.10}}'),
};

test('an entry is as the contract says', () => {
  const parsed = auditEntry.strict().parse(JSON.parse(entryJson(entry)));
  expect(parsed).toMatchObject({
    sequence: 7,
    id: 'id "quoted" \u2028',
    createdAt: null,
    receivedAt: at.toISOString(),
  });
});

test('the payload is the message’s own bytes', () => {
  expect(entryJson(entry)).toContain('"payload":{"version":1,"data":{"n":9007199254740993,"n":1.10}}}');
});

test('a payload that is no JSON is shown as base64', () => {
  const binary = { ...entry, payload: new Uint8Array([0, 255]) };
  expect(JSON.parse(entryJson(binary))).toMatchObject({ payloadBase64: 'AP8=' });
  expect(JSON.parse(entryJson({ ...entry, payload: new Uint8Array() }))).toMatchObject({ payloadBase64: '' });
});

test('a page is one JSON text', () => {
  expect(pageOf(auditEntry.strict()).parse(JSON.parse(pageJson([entry, entry], '/next?a="b"')))).toMatchObject({
    items: [{ sequence: 7 }, { sequence: 7 }],
    next: '/next?a="b"',
  });
  expect(pageJson([], null)).toBe('{"items":[],"next":null}');
});
