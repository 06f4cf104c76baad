// A hub for tests: limits that nobody reaches, no chance.
import { quietLog } from '@longwave/embedded/testing';
import type { StreamReader } from '@longwave/messaging';
import type { HubOptions } from '../../src/sse/hub.ts';

export function hubOptions(reader: StreamReader, changed: Partial<HubOptions> = {}): HubOptions {
  return {
    reader,
    log: quietLog,
    heartbeatMs: 1_000,
    ringBytesMax: 1,
    snapshotSubjectsMax: 1_000,
    limits: { connectionsMax: 1_000, connectionsPerAddressMax: 1_000 },
    connectionAgeMaxMs: 3_600_000,
    drainWindowMs: 0,
    clock: () => new Date(),
    random: () => 0,
    ...changed,
  };
}
