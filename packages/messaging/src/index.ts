// `@longwave/messaging`: consuming, and what every back-end shares. Contracts are in `./contract`.
export {
  startBatchConsumption,
  type BatchConsumption,
  type BatchConsumptionOptions,
} from './consume/batch-consumption.ts';
export { startConsumption } from './consume/consumption.ts';
export type {
  Consumption,
  ConsumptionOptions,
  ConsumptionState,
  Handler,
  HandlerContext,
} from './consume/consumption-options.ts';
export type { ExclusiveBackend } from './consume/pull-group.ts';
export { retryPolicyDefault, type RetryPolicy } from './consume/retry-policy.ts';
export { Solitude } from './consume/solitude.ts';
export { PublishError, Reject, StreamUnavailableError, TooManySubjectsError, Unavailable } from './errors.ts';
export { brokerHealth, consumptionHealth, type MessagingHealth } from './health.ts';
export type { Log } from './log.ts';
export { observeBackend } from './observe/observe-backend.ts';
export type {
  InHand,
  ObservedGroup,
  ObservedMessage,
  Observer,
  OutboxBacklog,
  Processing,
} from './observe/observer.ts';
export type {
  Backend,
  BackendState,
  ConsumerProgress,
  CrashRecord,
  CrashRecords,
  Delivery,
  DurableConsumers,
  ExclusiveConsumers,
  ExclusivePull,
  FollowingState,
  LiveArrival,
  LiveMessage,
  LiveMessages,
  LiveSubscription,
  MessagePlace,
  NewestRange,
  Publisher,
  Pull,
  PullOptions,
  PullState,
  ReplayRange,
  Stored,
  StreamBounds,
  StreamEditor,
  StreamFollowing,
  StreamListener,
  StreamReader,
} from './ports.ts';
export { pause, systemTime, type Time } from './time.ts';
