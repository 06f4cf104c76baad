import { expect, test } from '@jest/globals';
import { readRecorded, recordedMessage } from '@longwave/messaging/testing';
import { z } from 'zod';
import { framed } from '../../test/support/framed-type.ts';
import { messageCards } from './message-card.ts';
import { leastOf, recordingOf } from './recordings.ts';
import { staleDocuments } from './stale-documents.ts';
import { wireSchemaOf } from './wire-schema.ts';

test('what may be absent is left out, however deep, and nothing else', () => {
  const schema = wireSchemaOf(
    z.object({
      a: z.string(),
      b: z.string().optional(),
      inner: z.object({ c: z.int(), d: z.int().optional() }),
      list: z.array(z.object({ e: z.int(), f: z.int().optional() })),
      any: z.record(z.string(), z.int()),
    }),
  );
  const value = { a: 'a', b: 'b', inner: { c: 1, d: 2 }, list: [{ e: 1, f: 2 }, { e: 3 }], any: { x: 1 } };
  expect(leastOf(schema, value)).toEqual({ a: 'a', inner: { c: 1 }, list: [{ e: 1 }, { e: 3 }], any: { x: 1 } });
});

test('every recorded payload is one that its type reads', () => {
  for (const card of messageCards()) {
    const recorded = recordedMessage.parse(JSON.parse(JSON.stringify(recordingOf(card).message)));
    expect(() => readRecorded([card.type], recorded)).not.toThrow();
  }
});

test('a recording that is there is never written again; a document that says something else is', async () => {
  const documents = [
    { path: 'recording', text: 'new', once: true },
    { path: 'document', text: 'new', once: false },
  ];
  const paths = async (found: string | undefined) =>
    (await staleDocuments(documents, () => Promise.resolve(found))).map(({ path }) => path);
  expect(await paths('old')).toEqual(['document']);
  expect(await paths(undefined)).toEqual(['recording', 'document']);
  expect(await paths('new')).toEqual([]);
});

test('a payload that is no JSON is recorded byte for byte', () => {
  const recorded = messageCards([framed]).map((card) => recordingOf(card).message);
  expect(recorded).toMatchObject([{ payloads: [{ version: 1, base64: 'CAE=' }] }]);
  for (const message of recorded) expect(() => readRecorded([framed], recordedMessage.parse(message))).not.toThrow();
});
