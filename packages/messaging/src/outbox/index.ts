// `@longwave/messaging/outbox`: messages in the caller's transaction, and the relay that publishes them.
export { createNudges, type Nudges } from './nudges.ts';
export { writeToOutbox, type ExecuteSql, type OutboxContext } from './outbox.ts';
export { startOutboxRelay, type OutboxRelay, type OutboxRelayOptions, type RelayState } from './relay.ts';
