// `@longwave/messaging/opentelemetry`: spans of what goes out and of what is handled. Needs `@opentelemetry/api`, which
// nothing else here does; the SDK is the service's.
export type { MessageTracing } from './message-tracing.ts';
export type { BatchHandler } from './trace-handler.ts';
export { traceMessages } from './trace-messages.ts';
export type { PeerLike } from './trace-peer.ts';
