// `@longwave/messaging/request`: requests, replies, notices and broadcasts between replicas. Contracts are in `./contract`.
export { Answer, answerLater, type HandlerResult } from './answer.ts';
export type { CallOptions } from './calls.ts';
export { CallError, Refusal, ReplyError, type CallErrorCode } from './errors.ts';
export type { RequestContext } from './exchange.ts';
export type { EventHandler, Heard, ListeningCounts, ListenOptions } from './listening.ts';
export {
  startPeer,
  type ListeningHandle,
  type NotifyOptions,
  type Peer,
  type PeerOptions,
  type ServeOptions,
  type ServingHandle,
} from './peer.ts';
export type { Received } from './received.ts';
export type { Reply } from './reply.ts';
export { parseReplyTo, type ReplyTo } from './reply-to.ts';
export type { RequestHandler, Served, ServingCounts } from './serving.ts';
export type { Target } from './target.ts';
