// What steering needs, and what it can do without. Without its database it can do nothing: not ready. Without the broker
// it reads and writes, and messages wait in the outbox: degraded. A broker that may lose what it has acknowledged is
// worse than none: not ready.
import { checkDatabase } from '@longwave/database';
import { checkDurability, type JetStreamBackend } from '@longwave/messaging/jetstream';
import type { OutboxRelay } from '@longwave/messaging/outbox';
import type { Health, HealthState } from '@longwave/runtime';
import type { Pool } from 'pg';

export type ReadinessDeps = {
  readonly pool: Pool;
  readonly backend: JetStreamBackend;
  readonly relay: OutboxRelay;
  readonly durability: { readonly monitorUrl: string | undefined; readonly relaxed: boolean };
};

export function registerChecks(health: Health, { pool, backend, relay, durability }: ReadinessDeps): void {
  health.register('database', () => databaseState(pool));
  health.register('broker', () => brokerState(backend));
  health.register('outbox', () => outboxState(relay));
  health.register('durability', (signal) => durabilityState(durability, signal));
}

async function databaseState(pool: Pool): Promise<HealthState> {
  const found = await checkDatabase(pool);
  if (found.state === 'ok') return { state: 'up' };
  if (found.state === 'read-only') return { state: 'degraded', reason: 'the database takes no writes' };
  // The reason may hold an address, and this answer is public.
  return { state: 'down', reason: 'the database does not answer' };
}

function brokerState(backend: JetStreamBackend): HealthState {
  return backend.state().state === 'up'
    ? { state: 'up' }
    : { state: 'degraded', reason: 'nats-server is away; messages wait in the outbox' };
}

function outboxState(relay: OutboxRelay): HealthState {
  const { state } = relay.state();
  // As above: its reason is an error's own text. The relay has logged it.
  return state === 'up' ? { state } : { state, reason: 'messages wait in the outbox; the log says why' };
}

async function durabilityState(durability: ReadinessDeps['durability'], signal: AbortSignal): Promise<HealthState> {
  try {
    return await checkDurability(durability, signal);
  } catch {
    // Not asked is not known to be bad; that the broker itself is away is told by its own check.
    return { state: 'degraded', reason: 'the monitor of nats-server does not answer' };
  }
}
