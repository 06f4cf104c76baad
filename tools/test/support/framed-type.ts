// A contract whose payload is no JSON, for the documents. It imitates what `@longwave/messaging/protobuf` makes of a
// descriptor, with a payload that is the version and nothing else.
import { event } from '@longwave/messaging/contract';
import { z } from 'zod';

export const definition = {
  schemaFormat: 'application/vnd.google.protobuf;version=3',
  text: 'syntax = "proto3";\n\nmessage MastFramed {\n  uint32 version = 1;\n}',
};

export const framed = event('MastFramed', {
  version: 1,
  subject: 'longwave.v1.events.station.mast.picture.framed.{id}',
  address: () => ({ id: 1 }),
  key: () => 'mast/1',
  payload: {
    contentType: 'application/protobuf',
    encodeData: (bytes: Uint8Array) => bytes,
    decodeData: (bytes) => bytes,
    encode: ({ version }) => new Uint8Array([0x08, version]),
    decode: ([, version]) => ({ version, createdAt: '2026-11-21T12:00:00.000Z', data: new Uint8Array() }),
    definition,
  },
  schema: z.instanceof(Uint8Array).meta({ description: 'What a camera saw' }),
  example: new Uint8Array(),
});
