// What steering needs, and what it can do without. Without its database it can do nothing: not ready. Without the broker
// it reads and writes, and messages wait in the outbox: degraded. A broker that may lose what it has acknowledged is
// worse than none: not ready.
import { databaseHealth } from '@longwave/database';
import { brokerHealth } from '@longwave/messaging';
import { checkDurability, type BrokerTarget, type JetStreamBackend } from '@longwave/messaging/jetstream';
import type { OutboxRelay } from '@longwave/messaging/outbox';
import type { Health, HealthState, Logger } from '@longwave/runtime';
import type { Pool } from 'pg';

export type ReadinessDeps = {
  readonly pool: Pool;
  readonly backend: JetStreamBackend;
  readonly relay: OutboxRelay;
  readonly target: BrokerTarget;
  readonly logger: Logger;
};

export function registerChecks(health: Health, { pool, backend, relay, target, logger }: ReadinessDeps): void {
  health.register('database', () => databaseHealth(pool, logger));
  health.register('broker', () => brokerHealth(backend, 'messages wait in the outbox'));
  health.register('outbox', () => outboxState(relay));
  health.register('durability', (signal) => checkDurability(target, signal));
}

function outboxState(relay: OutboxRelay): HealthState {
  const { state } = relay.state();
  // Its reason is an error's own text, which may hold an address, and this answer is public. The relay has logged it.
  return state === 'up' ? { state } : { state, reason: 'messages wait in the outbox; the log says why' };
}
