// `@longwave/messaging/contract`: define a message. Needs zod alone and runs in browsers.
export { broadcastFilter, type BroadcastAddress } from './broadcast-filter.ts';
export { causeOf, type Cause } from './cause.ts';
export {
  decodeMessage,
  idOf,
  keyOf,
  type Decoded,
  type DecodeFailure,
  type Message,
  type StoredMessage,
} from './decode.ts';
export { encodeMessage, type OutgoingMessage } from './encode.ts';
export { filterMatches, filtersOverlap, parseFilter, type SubjectFilter } from './filter.ts';
export { isMessageOf } from './is-message-of.ts';
export { event, signal, type DataOf, type Draft, type EventType, type MessageType } from './message-type.ts';
export {
  decodeMetadata,
  encodeMetadata,
  MESSAGE_ID_HEADER,
  type Headers,
  type Metadata,
  type Source,
} from './metadata.ts';
export { checkName } from './name.ts';
export { PAYLOAD_BYTES_MAX, PayloadTooLargeError, type Payload, type PayloadCodec } from './payload.ts';
export { decodeStatus, encodeStatus, type ReplyStatus } from './reply-status.ts';
export { SubjectError, type SubjectErrorCode } from './subject-error.ts';
export { SUBJECT_BYTES_MAX, subjectTemplate, type SubjectParameters, type SubjectTemplate } from './subject.ts';
export {
  notice,
  request,
  type DataFormat,
  type NoticeType,
  type RequestType,
  type TargetedType,
} from './targeted-type.ts';
export { decodeToken, encodeToken, isToken } from './token.ts';
export type { OlderVersions } from './upcast.ts';
