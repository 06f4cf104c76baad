// All there is to say of one message type, gathered from where it is decided: the contract, the stream its subject lies
// in, the consumers of the topology. Every document about messages is rendered from these cards.
import { messageTypes, streamNames, streamSubjects, type StreamName } from '@longwave/contracts';
import {
  encodeMessage,
  filtersOverlap,
  parseFilter,
  type Headers,
  type Payload,
  type PayloadCodec,
} from '@longwave/messaging/contract';
import { longwaveTopology, type Topology } from '@longwave/streams';
import { wireSchemaOf, type WireSchema } from './wire-schema.ts';

export type ContractedType = (typeof messageTypes)[number];

export type ExampleMessage = {
  readonly subject: string;
  readonly key: string;
  readonly headers: Headers;
  readonly payload: Payload | BinaryPayload;
};

/** A payload that is no JSON, byte for byte. */
export type BinaryPayload = { readonly version: number; readonly base64: string };

export type MessageCard = {
  /** Unlike the type's name unique: every resource has a ResourceCreated. Never changes, as files are named by it. */
  readonly id: string;
  readonly type: ContractedType;
  readonly says: string;
  readonly stream: StreamName;
  readonly sender: string;
  /** Durable consumers; browsers and passers-by are nobody's business. */
  readonly consumers: readonly string[];
  /** Of `data`; undefined where the type has none, or where `definition` says it. */
  readonly schema: WireSchema | undefined;
  /** Of the payload, where it is no JSON. */
  readonly definition: PayloadCodec['definition'];
  readonly example: ExampleMessage;
};

/** One card for each type, in the order of their ids. Throws Error when a contract leaves something unsaid. */
export function messageCards(types: readonly ContractedType[] = messageTypes): readonly MessageCard[] {
  const topology = longwaveTopology();
  return types.map((type) => cardOf(type, types, topology)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function cardOf(type: ContractedType, types: readonly ContractedType[], topology: Topology): MessageCard {
  const stream = streamNames.find((name) => overlap(streamSubjects[name], type.subject.filter));
  if (stream === undefined) throw new Error(`${type.name}: no stream keeps the subject ${type.subject.text}.`);
  const sender = senderOf(type, stream);
  const { definition } = type.payload;
  const schema = type.schema === undefined || definition !== undefined ? undefined : wireSchemaOf(type.schema);
  return {
    id: idOf(type, types, stream),
    type,
    says: saysOf(type),
    stream,
    sender,
    consumers: consumersOf(type, stream, topology),
    schema,
    definition,
    example: exampleOf(type, sender),
  };
}

/** One name on several subjects is told apart by what the subjects do not share: the resource, or the window of time. */
function idOf(type: ContractedType, types: readonly ContractedType[], stream: StreamName): string {
  const tokens = type.subject.text.split('.');
  if (stream === 'resource') return [type.name, ...tokens.slice(1, 3)].join('.');
  const isAlone = types.filter(({ name }) => name === type.name).length === 1;
  return isAlone ? type.name : [type.name, ...tokens.slice(-2, -1)].join('.');
}

function saysOf({ name, schema }: ContractedType): string {
  if (schema === undefined) return 'That it was sent is all it says';
  if (schema.description !== undefined) return schema.description;
  throw new Error(`${name}: say what it says with .meta({ description }) on its schema.`);
}

/** In these two kinds of subjects the token after the stream's prefix names the originator. */
function senderOf(type: ContractedType, stream: StreamName): string {
  // There is one program, so its subjects need not say whose it is.
  if (stream === 'program') return 'steering';
  const sender = type.subject.text.split('.')[streamSubjects[stream].split('.').length - 1];
  if ((stream === 'resource' || stream === 'events') && sender !== undefined) return sender;
  throw new Error(
    `${type.name}: subjects of the stream ${stream} do not name a sender; tell message-card.ts who it is.`,
  );
}

function consumersOf(type: ContractedType, stream: StreamName, { streams }: Topology): readonly string[] {
  return streams
    .filter(({ name }) => name === stream)
    .flatMap(({ consumers }) => consumers)
    .filter(({ filter_subjects: filters }) => {
      return filters.length === 0 || filters.some((filter) => overlap(filter, type.subject.filter));
    })
    .map(({ name }) => name)
    .toSorted();
}

function overlap(left: string, right: string): boolean {
  return filtersOverlap(parseFilter(left), parseFilter(right));
}

const CREATED_AT = new Date('2026-11-21T12:00:00.000Z');

/** Made like every message, with an id, a time and a cause that stay the same. */
function exampleOf(type: ContractedType, sender: string): ExampleMessage {
  const draft = type.of(type.example);
  const { subject, key, headers, payload } = encodeMessage(draft, {
    id: '01a1fdfa-4600-7c3e-9d5b-2f1a60c8e4b7',
    createdAt: CREATED_AT,
    source: { instance: sender, replica: 'replica-1' },
    cause: {
      correlationId: '01a1fdfa-45f0-7b12-8a3d-6e9f04d1b2c3',
      actor: 'service:anonymous',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
  });
  return { subject, key, headers, payload: shownPayload(type, payload) };
}

function shownPayload({ payload: codec, version }: ContractedType, bytes: Uint8Array): ExampleMessage['payload'] {
  if (codec.definition !== undefined) return { version, base64: Buffer.from(bytes).toString('base64') };
  // encodeMessage has just made this JSON of a Payload.
  return JSON.parse(new TextDecoder().decode(bytes)) as Payload;
}
