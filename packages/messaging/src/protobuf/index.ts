// `@longwave/messaging/protobuf`: contracts whose payloads are protobuf. Needs @bufbuild/protobuf, which is yours to install.
export { protobuf, PROTOBUF_CONTENT_TYPE, type ProtobufCodec } from './protobuf.ts';
