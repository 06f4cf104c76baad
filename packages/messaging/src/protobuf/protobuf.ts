// Payloads as protobuf: the envelope of `message.proto`, with the message of a contract as its data. It is built on
// descriptors that protoc-gen-es has generated, or that were read at runtime; nothing is registered anywhere.
//
// E2  who has the .proto and no code of ours reads and writes these payloads: there is nothing around the message.
// E3  what protobuf cannot carry is refused where the draft is made; what cannot be read says why.
import { create, fromBinary, isMessage, toBinary, type DescMessage } from '@bufbuild/protobuf';
import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { z } from 'zod';
import type { Payload, PayloadCodec } from '../contract/payload.ts';
import { MessageSchema } from './message_pb.ts';
import { payloadText } from './proto-text.ts';

/** As the draft of its registration names it (draft-ietf-dispatch-mime-protobuf). */
export const PROTOBUF_CONTENT_TYPE = 'application/protobuf';

/** As AsyncAPI calls it. */
const SCHEMA_FORMAT = 'application/vnd.google.protobuf;version=3';

/** The fields of a message, of which those that are undefined are left out: what a schema with defaults encodes to. */
type Fields<Init> = Init extends object ? { readonly [Name in keyof Init]: Init[Name] | undefined } : never;

export type ProtobufCodec<Desc extends DescMessage> = PayloadCodec<Fields<MessageInitShape<Desc>>> & {
  /** Takes what the descriptor describes, as it is: for a contract that has no rules of its own. */
  readonly schema: z.ZodType<MessageShape<Desc>, MessageShape<Desc>>;
};

/** How payloads whose `data` is a message of `desc` become bytes. A plain value, made once with the contract. */
export function protobuf<Desc extends DescMessage>(desc: Desc): ProtobufCodec<Desc> {
  return {
    contentType: PROTOBUF_CONTENT_TYPE,
    // `create` leaves out what is undefined, and says so only in its code. (E3)
    encodeData: (wireData) => toBinary(desc, create(desc, wireData as unknown as MessageInitShape<Desc>)),
    decodeData: (carried) => fromBinary(desc, carried instanceof Uint8Array ? carried : new Uint8Array()),
    encode: encodeEnvelope,
    decode: decodeEnvelope,
    definition: { schemaFormat: SCHEMA_FORMAT, text: payloadText(desc) },
    schema: z.custom<MessageShape<Desc>>((value) => isMessage(value, desc), `expected ${desc.typeName}`),
  };
}

function encodeEnvelope({ version, createdAt, data }: Payload): Uint8Array {
  const envelope = { version, createdAt: timestampFromDate(new Date(createdAt)) };
  return toBinary(MessageSchema, create(MessageSchema, data instanceof Uint8Array ? { ...envelope, data } : envelope));
}

function decodeEnvelope(bytes: Uint8Array): Partial<Payload> {
  const { version, createdAt, data } = fromBinary(MessageSchema, bytes);
  if (createdAt === undefined) throw new Error('it has no created_at');
  return { version, createdAt: timestampDate(createdAt).toISOString(), data };
}
