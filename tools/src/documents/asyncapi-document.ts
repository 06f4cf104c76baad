// The messages as an AsyncAPI 3.0 document: one channel for each type, which is its subject; who sends it, and which
// durable consumer receives it. JetStream has no binding in AsyncAPI, so streams are tags.
import { streamNames, streamSubjects, type StreamName } from '@longwave/contracts';
import { describedHeaders } from './described-headers.ts';
import type { MessageCard } from './message-card.ts';

type Json = Readonly<Record<string, unknown>>;

export type AsyncApiDocument = {
  readonly asyncapi: '3.0.0';
  readonly channels: Readonly<Record<string, Json>>;
  readonly operations: Readonly<Record<string, Json>>;
  readonly components: { readonly messages: Readonly<Record<string, Json>> } & Json;
} & Json;

/** `version` is that of the repository. The same cards give the same document, to the byte. */
export function asyncApiDocument(cards: readonly MessageCard[], version: string): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    id: 'urn:longwave:messages',
    info: {
      title: 'Longwave messages',
      version,
      description:
        'What the services of a station tell each other over NATS JetStream. The same for people: messages.md.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: streamNames.map((name) => reference('tags', name)),
    },
    defaultContentType: 'application/json',
    servers: { nats: server },
    channels: byId(cards, channelOf),
    operations: Object.fromEntries(cards.flatMap(operationsOf)),
    components: {
      messages: byId(cards, messageOf),
      schemas: { Headers: headersSchema },
      correlationIds: {
        request: {
          description: 'One value for everything that follows from one request',
          location: '$message.header#/ce-correlationid',
        },
      },
      tags: Object.fromEntries(streamNames.map((name) => [name, streamTag(name)])),
    },
  };
}

const server = {
  host: '{host}:{port}',
  protocol: 'nats',
  description: 'nats-server with JetStream: NATS_HOST and NATS_PORT of every service',
  variables: { host: { default: '127.0.0.1' }, port: { default: '4222' } },
};

const headersSchema = {
  type: 'object',
  description: 'CloudEvents 1.0 in binary mode, W3C trace context, and what JetStream deduplicates on',
  required: describedHeaders.filter(({ always }) => always).map(({ name }) => name),
  properties: Object.fromEntries(
    describedHeaders.map(({ name, says, schema }) => [name, { ...schema, description: says }]),
  ),
};

function streamTag(name: StreamName): Json {
  return { name, description: `Kept in the JetStream stream ${name}, with all of ${streamSubjects[name]}` };
}

function channelOf({ id, type, says, stream, example }: MessageCard): Json {
  const tokens = example.subject.split('.');
  const parameters = type.subject.text.split('.').flatMap((part, index) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, { description: ONE_TOKEN, examples: [tokens[index]] }] as const];
  });
  return {
    address: type.subject.text,
    summary: says,
    messages: { [id]: reference('messages', id) },
    parameters: Object.fromEntries(parameters),
    tags: [reference('tags', stream)],
  };
}

const ONE_TOKEN = 'One token: bytes other than A-Z a-z 0-9 _ - are percent-encoded, in upper case';

function messageOf(card: MessageCard): Json {
  const { id, type, says, example } = card;
  const { headers, payload } = example;
  const { contentType } = type.payload;
  return {
    name: type.ceType,
    title: id,
    summary: says,
    contentType,
    correlationId: reference('correlationIds', 'request'),
    headers: {
      type: 'object',
      allOf: [
        reference('schemas', 'Headers'),
        { properties: { 'ce-type': { const: type.ceType }, 'ce-datacontenttype': { const: contentType } } },
      ],
    },
    payload: payloadOf(card),
    // The bytes of a payload that is no JSON are no example that a document in JSON could hold.
    examples: [{ name: id, headers, ...('base64' in payload ? {} : { payload }) }],
  };
}

/** In the language that defines it: JSON Schema, or another (AsyncAPI 3.0, Multi Format Schema Object). */
function payloadOf({ type, schema, definition }: MessageCard): Json {
  if (definition !== undefined) return { schemaFormat: definition.schemaFormat, schema: definition.text };
  return {
    type: 'object',
    required: ['version', 'createdAt', ...(schema === undefined ? [] : ['data'])],
    properties: {
      version: { const: type.version, description: 'Of the format of this type' },
      createdAt: { type: 'string', format: 'date-time', description: 'When the sender made it' },
      ...(schema === undefined ? {} : { data: schema }),
    },
  };
}

function operationsOf({ id, stream, sender, consumers }: MessageCard): readonly (readonly [string, Json])[] {
  const about = {
    channel: { $ref: `#/channels/${id}` },
    messages: [{ $ref: `#/channels/${id}/messages/${id}` }],
  };
  const send = { action: 'send', title: `${sender} sends ${id}`, ...about };
  const receive = (consumer: string) => {
    const summary = `The durable consumer ${consumer} of the stream ${stream}`;
    return { action: 'receive', title: `${consumer} receives ${id}`, summary, ...about };
  };
  return [
    [`${sender}.send.${id}`, send],
    ...consumers.map((consumer) => [`${consumer}.receive.${id}`, receive(consumer)] as const),
  ];
}

function byId(cards: readonly MessageCard[], render: (card: MessageCard) => Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(cards.map((card) => [card.id, render(card)]));
}

function reference(kind: 'correlationIds' | 'messages' | 'schemas' | 'tags', name: string): { readonly $ref: string } {
  return { $ref: `#/components/${kind}/${name}` };
}
