// The service itself, started as tests start it: by `start`, on a free port, silent.
import { createLogger, readConfig, systemClock, uuidIds, type RunningService } from '@longwave/runtime';
import { config } from '../../src/config.ts';
import { start } from '../../src/start.ts';

/** `environment` is what differs from the defaults. */
export function startProxy(
  nats: { readonly host: string; readonly port: number },
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const settings = readConfig(config, {
    PORT: '0',
    NATS_HOST: nats.host,
    NATS_PORT: String(nats.port),
    NATS_DURABILITY: 'relaxed',
    ...environment,
  });
  const logger = createLogger({ service: 'sse-proxy', replicaId: 'test', level: 'silent', pretty: false });
  return start(settings, { logger, clock: systemClock, ids: uuidIds, replicaId: 'test' });
}
