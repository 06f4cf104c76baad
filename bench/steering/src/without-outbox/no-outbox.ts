// Stands in for `@longwave/messaging/outbox` where a transaction without it is measured: nothing is written, nothing is
// relayed. What messages would say is still made, because the stores make it.
import type * as outbox from '@longwave/messaging/outbox';

export const writeToOutbox: typeof outbox.writeToOutbox = async () => undefined;

export const createNudges: typeof outbox.createNudges = () => ({
  send: () => undefined,
  listen: () => () => undefined,
});

export const startOutboxRelay: typeof outbox.startOutboxRelay = () => ({
  nudge: () => undefined,
  state: () => ({ state: 'up' }),
  stop: () => Promise.resolve(),
});
