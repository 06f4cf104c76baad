// What main.ts calls: turns `start()` into a well-behaved process. Reads the configuration, makes the logger,
// tells the parent when it is ready, and lets `endOnRequest` decide when and how it ends.
// Knows nothing of what the service does.
import { networkInterfaces } from 'node:os';
import type { z } from 'zod';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { refuseExposure } from '../config/open-policy.ts';
import { ConfigError, readConfig } from '../config/read-config.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import { uuidIds } from '../ids.ts';
import type { Ids } from '../ids.ts';
import { createLogger } from '../logger.ts';
import type { Logger } from '../logger.ts';
import { endOnRequest } from './end-on-request.ts';
import { exitCodes } from './exit-codes.ts';
import type { RunningService } from './with-lifecycle.ts';
import { openTracing, stoppingTraces } from '../tracing/open-tracing.ts';
import type { ExportTrouble } from '../tracing/telling-exporter.ts';
import type { Tracing } from '../tracing/tracing.ts';

export type ServiceDeps = {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly replicaId: string;
  /** Where OTEL_EXPORTER_OTLP_ENDPOINT is set. It is stopped after the service. */
  readonly tracing?: Tracing;
};

/** Made by extending `serviceConfig`; defaults may differ from it, types may not. */
export type ServiceConfigSchema = z.ZodObject & z.ZodType<ServiceConfig>;

export type ServiceDefinition<S extends ServiceConfigSchema> = {
  readonly name: string;
  /** `serviceConfig.extend({ … })` */
  readonly config: S;
  readonly start: (config: Readonly<z.infer<S>>, deps: ServiceDeps) => Promise<RunningService>;
};

/** Beyond the service's own deadline: time for the last spans, and to collect the errors of `stop` and to log them. */
const exitGraceMs = 500;

/**
 * Runs a service until it is told to stop, then exits `proc` with one of `exitCodes`.
 * The promise settles when the service is ready.
 * A service started with `fork()` sends `{ type: 'listening', address }` to its parent at that moment (S6).
 */
export async function runService<S extends ServiceConfigSchema>(
  definition: ServiceDefinition<S>,
  proc: NodeJS.Process = process,
): Promise<void> {
  const config = readConfigOrExit(definition, proc);
  const replicaId = config.REPLICA_ID ?? uuidIds.next();
  const pretty = config.LOG_PRETTY ?? proc.stdout.isTTY === true;
  const about = { service: definition.name, replicaId };
  const tracing = await openTracing(config, about, (trouble) => tellTrouble(logger, trouble));
  const mixin = tracing?.logFields;
  const logger = createLogger({ ...about, level: config.LOG_LEVEL, pretty, mixin });
  const starting = Promise.withResolvers<RunningService>();
  endOnRequest({ proc, logger, service: starting.promise, withinMs: config.SHUTDOWN_WITHIN_MS + exitGraceMs });
  try {
    const deps = { logger, clock: systemClock, ids: uuidIds, replicaId, ...(tracing && { tracing }) };
    const service = await definition.start(config, deps);
    starting.resolve(tracing === undefined ? service : stoppingTraces(service, tracing, config.SHUTDOWN_WITHIN_MS));
    announce(service.address, proc, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'failed to start');
    proc.exit(exitCodes.failed);
  }
}

function readConfigOrExit<S extends z.ZodObject>(
  { name, config }: { readonly name: string; readonly config: S },
  proc: NodeJS.Process,
): Readonly<z.infer<S>> {
  try {
    return readConfig(refuseExposure(config, ownAddresses()), proc.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    proc.stderr.write(`${name} cannot start. ${error.message}\n`);
    return proc.exit(exitCodes.config);
  }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
}

function tellTrouble(logger: Logger, trouble: ExportTrouble): void {
  if (trouble.state === 'failing') logger.warn(trouble, 'spans are lost: the OTLP endpoint does not take them');
  else logger.info(trouble, 'the OTLP endpoint takes spans again');
}

function announce(address: string, proc: NodeJS.Process, logger: Logger): void {
  logger.info({ address }, 'listening');
  if (proc.send === undefined) return;
  // A parent that is gone is noticed by its `disconnect`, which stops this process.
  proc.send({ type: 'listening', address }, undefined, undefined, () => undefined);
}
