// The gateway as it runs in production, on a free port, with a log that can be read.
import { createLogger, readConfig, uuidIds, type RunningService } from '@longwave/runtime';
import { config } from '../../src/config.ts';
import { start } from '../../src/start.ts';

export type StartedGateway = RunningService & {
  readonly port: number;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
};

/** Nobody listens on port 1 of loopback: services that a test does not start are away. */
const NOWHERE = 'http://127.0.0.1:1';

export async function startGateway(environment: NodeJS.ProcessEnv = {}, replicaId = 'r1'): Promise<StartedGateway> {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const logger = createLogger({ service: 'gateway', replicaId, level: 'debug', pretty: false, destination });
  const settings = readConfig(config, {
    PORT: '0',
    STEERING_URL: NOWHERE,
    RESOLVER_URL: NOWHERE,
    AUDIT_LOG_URL: NOWHERE,
    SSE_PROXY_URL: NOWHERE,
    DASHBOARD_DIRECTORY: '/nonexistent',
    ...environment,
  });
  const clock = { now: () => new Date() };
  const service = await start(settings, { logger, clock, ids: uuidIds, replicaId });
  return { ...service, port: Number(new URL(service.address).port), lines };
}
