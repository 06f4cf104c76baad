// The OpenAPI document of each service, as it is served: each one is started for a moment, without a database and a
// broker (it starts without them, and its readiness would say so), asked, and stopped. So nothing here knows how a
// service declares its routes, and what is written is what a client of it gets.
import type { Config as SteeringConfig } from '@longwave/steering';
import { createLogger, systemClock, uuidIds, type RunningService, type ServiceDeps } from '@longwave/runtime';

/** `document` is the JSON that the service answered. */
export type ServedApi = { readonly service: string; readonly document: unknown };

const ANSWER_WITHIN_MS = 10_000;

/** Nobody may listen on port 1 (tcpmux) without being root, and nobody does. */
const NOWHERE = { host: '127.0.0.1', port: 1 } as const;

const config = {
  HOST: '127.0.0.1',
  PORT: 0,
  LOG_LEVEL: 'fatal',
  AUTH_POLICY: 'open',
  SHUTDOWN_WITHIN_MS: 5_000,
  TRUSTED_PROXIES: [],
  NATS_HOST: NOWHERE.host,
  NATS_PORT: NOWHERE.port,
  NATS_DURABILITY: 'strict',
  DATABASE_URL: `postgres://nobody@${NOWHERE.host}:${NOWHERE.port}/none`,
} satisfies SteeringConfig;

/** In the order of the services' names. Rejects when one of them does not start or does not answer. */
export async function servedOpenApi(): Promise<readonly ServedApi[]> {
  // Imported only now: what they consist of is partly generated, and the checks that need none of it come first.
  const [auditLog, resolver, sseProxy, steering] = await Promise.all([
    import('@longwave/audit-log'),
    import('@longwave/resolver'),
    import('@longwave/sse-proxy'),
    import('@longwave/steering'),
  ]);
  const feed = { HEARTBEAT_MS: 1_000, RING_BYTES_MAX: 1, FILTERS_PER_CONNECTION_MAX: 1, SNAPSHOT_SUBJECTS: [] };
  const limits = { CONNECTIONS_MAX: 1, CONNECTIONS_PER_ADDRESS_MAX: 1, CONNECTS_PER_SECOND_MAX: 1 };
  const lives = { CONNECTION_AGE_MAX_MS: 1_000, DRAIN_WINDOW_MS: 0, SNAPSHOT_SUBJECTS_MAX: 1 };
  const events = { ...config, ...feed, ...limits, ...lives, PUBLIC_SUBJECTS: [], CORS_ORIGINS: [] };
  return Promise.all([
    askFor('audit-log', (deps) => auditLog.start(config, deps)),
    askFor('resolver', (deps) => resolver.start(config, deps)),
    askFor('sse-proxy', (deps) => sseProxy.start(events, deps)),
    askFor('steering', (deps) => steering.start(config, deps)),
  ]);
}

async function askFor(name: string, start: (deps: ServiceDeps) => Promise<RunningService>): Promise<ServedApi> {
  const logger = createLogger({ service: name, replicaId: 'documents', level: 'silent', pretty: false });
  const service = await start({ logger, clock: systemClock, ids: uuidIds, replicaId: 'documents' });
  try {
    const url = `${service.address}/openapi.json`;
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { service: name, document: await response.json() };
  } finally {
    await service.stop();
  }
}
