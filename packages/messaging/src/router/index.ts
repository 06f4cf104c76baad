// `@longwave/messaging/router`: routes with middlewares, and a server that works on queues and answers requests.
export { cached, type CacheOptions } from './cached.ts';
export { correlatedLog } from './correlated-log.ts';
export { effectOnce } from './effect-once.ts';
export { eventPipeline, type EventPipeline, type EventRoute, type RoutedEvent } from './event-pipeline.ts';
export { startMessageServer, type MessageServer, type MessageServerOptions, type Queue } from './message-server.ts';
export type {
  Arrived,
  ArrivedEvent,
  ArrivedRequest,
  Middleware,
  RequestRouteContext,
  RouteContext,
} from './middleware.ts';
export type { InTransaction } from '../inbox/in-transaction.ts';
export { requestPipeline, type RequestPipeline, type RequestRoute } from './request-pipeline.ts';
export { TimeLimitError, timeLimit } from './time-limit.ts';
