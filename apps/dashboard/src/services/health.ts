// What the readiness of a service means, from its answer to GET …/health/ready.
// Health is not a message (a broken service cannot send one), so it is the one thing that is asked for again and again.
import { isRecord } from '../is-record.ts';

export type CheckState = 'up' | 'degraded' | 'down';
export type Check = { readonly name: string; readonly state: CheckState; readonly reason: string | null };

export type HealthState = 'ready' | 'degraded' | 'starting' | 'stopping' | 'down' | 'unreachable';

/** `reason`: why there are no checks. */
export type Health = {
  readonly state: HealthState;
  readonly checks: readonly Check[];
  readonly reason: string | null;
};

/** `since`: when this page first saw the state, or null when it was so at the first look. */
export type ObservedHealth = { readonly health: Health; readonly since: Date | null };

/** Where each service answers, in the order in which they are listed. */
export const services: readonly { readonly name: string; readonly path: string; readonly does: string }[] = [
  { name: 'gateway', path: '/health/ready', does: 'One address for everything' },
  { name: 'steering', path: '/steering/health/ready', does: 'The program and the fleet' },
  { name: 'resolver', path: '/resolver/health/ready', does: 'Which package belongs where' },
  { name: 'audit-log', path: '/audit-log/health/ready', does: 'The record of every message' },
  { name: 'sse-proxy', path: '/sse-proxy/health/ready', does: 'Messages for browsers' },
];

/** Reads `{ status, checks: { <name>: { state, reason? } } }`; any other answer comes from something in between. */
export function readHealth(httpStatus: number, body: unknown): Health {
  if (!isRecord(body) || !isRecord(body['checks'])) return unreachable(answered(httpStatus, body));
  const checks = Object.entries(body['checks']).map(([name, check]) => readCheck(name, check));
  switch (body['status']) {
    case 'ready': {
      const isDegraded = checks.some(({ state }) => state !== 'up');
      return { state: isDegraded ? 'degraded' : 'ready', checks, reason: null };
    }
    case 'starting':
    case 'stopping':
    case 'down':
      return { state: body['status'], checks, reason: null };
    default:
      return unreachable(answered(httpStatus, body));
  }
}

export function unreachable(reason: string): Health {
  return { state: 'unreachable', checks: [], reason };
}

/** What is known after another look: the time stays while the state does. */
export function observe(before: ObservedHealth | undefined, health: Health, now: Date): ObservedHealth {
  if (before === undefined) return { health, since: null };
  return { health, since: before.health.state === health.state ? before.since : now };
}

function readCheck(name: string, check: unknown): Check {
  const { state, reason } = isRecord(check) ? check : {};
  return {
    name,
    state: state === 'up' || state === 'degraded' ? state : 'down',
    reason: typeof reason === 'string' ? reason : null,
  };
}

function answered(httpStatus: number, body: unknown): string {
  const detail = isRecord(body) ? body['detail'] : undefined;
  return typeof detail === 'string' ? detail : `Answered ${httpStatus} instead of its health`;
}
