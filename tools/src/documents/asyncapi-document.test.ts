import { expect, test } from '@jest/globals';
import { event } from '@longwave/messaging/contract';
import { Ajv } from 'ajv';
import { z } from 'zod';
import { definition, framed } from '../../test/support/framed-type.ts';
import { asyncApiDocument } from './asyncapi-document.ts';
import { checkAsyncApi } from './check-asyncapi.ts';
import { messageCards } from './message-card.ts';
import { messagesPage } from './messages-page.ts';

const document = asyncApiDocument(messageCards(), '1.2.3');

/** A date that travels as text, in a subject that needs encoding. */
const noticed = event('MastNoticed', {
  version: 2,
  subject: 'longwave.v1.events.station.mast.inspection.noticed.{name}',
  address: ({ name }) => ({ name }),
  key: ({ name }) => `mast/${name}`,
  schema: z
    .object({
      name: z.string(),
      at: z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
    })
    .meta({ description: 'Somebody saw it' }),
  example: { name: 'North 1', at: new Date('2026-11-21T12:00:00.000Z') },
});

test('the document is AsyncAPI 3.0, and its references lead somewhere', () => {
  expect(() => checkAsyncApi(document)).not.toThrow();
  const channels = { x: { messages: { y: { $ref: '#/components/messages/none' } }, adress: 'x' } };
  expect(() => checkAsyncApi({ ...document, channels })).toThrow(
    /channels\/x: must NOT have additional properties[\s\S]*messages\/none leads nowhere/,
  );
});

test('the same contracts give the same document, whatever their order', () => {
  const again = asyncApiDocument(
    messageCards(
      messageCards()
        .map(({ type }) => type)
        .toReversed(),
    ),
    '1.2.3',
  );
  expect(JSON.stringify(again)).toBe(JSON.stringify(document));
});

test('every example is one that its own schemas accept', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  // `id` is another thing in a schema.
  const { id: _, ...schema } = document;
  ajv.addSchema(schema, 'document');
  for (const id of Object.keys(document.components.messages)) {
    const { examples } = z
      .object({ examples: z.array(z.object({ headers: z.unknown(), payload: z.unknown() })).min(1) })
      .parse(document.components.messages[id]);
    for (const example of examples) {
      for (const part of ['headers', 'payload'] as const) {
        const reference = { $ref: `document#/components/messages/${id}/${part}` };
        expect([id, part, ajv.validate(reference, example[part]), ajv.errors]).toEqual([id, part, true, null]);
      }
    }
  }
});

test('a codec is described as it is on the wire, and a parameter as it is in a subject', () => {
  const { channels, components } = asyncApiDocument(messageCards([noticed]), '1.2.3');
  expect(components.messages['MastNoticed']).toMatchObject({
    payload: {
      properties: { version: { const: 2 }, data: { properties: { at: { type: 'string', format: 'date-time' } } } },
    },
    examples: [{ payload: { data: { at: '2026-11-21T12:00:00.000Z' } } }],
  });
  expect(channels['MastNoticed']).toMatchObject({ parameters: { name: { examples: ['North%201'] } } });
});

test('a payload that is no JSON is described in its own language, and its bytes are no example', () => {
  const withFrames = asyncApiDocument(messageCards([framed]), '1.2.3');
  expect(() => checkAsyncApi(withFrames)).not.toThrow();
  expect(withFrames.components.messages['MastFramed']).toMatchObject({
    contentType: 'application/protobuf',
    summary: 'What a camera saw',
    headers: { allOf: [{}, { properties: { 'ce-datacontenttype': { const: 'application/protobuf' } } }] },
    payload: { schemaFormat: definition.schemaFormat, schema: definition.text },
    examples: [expect.not.objectContaining({ payload: expect.anything() })],
  });
  expect(messagesPage(messageCards([framed]))).toContain(`\`\`\`proto\n${definition.text}\n\`\`\``);
});

test('who sends comes from the subject, who receives from the topology', () => {
  expect(Object.keys(document.operations)).toEqual(
    expect.arrayContaining(['steering.send.PackageCreated', 'resolver.receive.PackageCreated']),
  );
  expect(Object.keys(document.operations)).not.toContain('resolver.receive.ResourceCreated.steering.show');
});

test('a contract that does not say what it says is refused, with what to do', () => {
  const mute = event('MastMute', {
    version: 1,
    subject: 'longwave.v1.events.station.mast.state.mute.{id}',
    address: ({ id }) => ({ id }),
    key: ({ id }) => `mast/${id}`,
    schema: z.object({ id: z.int() }),
    example: { id: 1 },
  });
  expect(() => messageCards([mute])).toThrow(/MastMute: say what it says with \.meta\(\{ description \}\)/);
});
