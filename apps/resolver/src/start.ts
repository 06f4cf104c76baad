// The composition root: what the resolver consists of, in the order in which it is opened. Stopping is the reverse:
// no new messages, no new requests, then the broker, then the database.
import { brokerHealth, consumptionHealth, observeBackend, startConsumption, systemTime } from '@longwave/messaging';
import { brokerTarget, checkDurability, connectJetStream } from '@longwave/messaging/jetstream';
import { traceMessages } from '@longwave/messaging/opentelemetry';
import { prometheusObserver } from '@longwave/messaging/prometheus';
import {
  createHttpApp,
  createMetrics,
  Health,
  listen,
  withLifecycle,
  type RunningService,
  type ServiceDeps,
} from '@longwave/runtime';
import type { Config } from './config.ts';
import { packageTypes } from './domain/package-telling.ts';
import { handlePackageMessage } from './handlers/handle-package-message.ts';
import { getPackage } from './http/get-package.ts';
import { listPackages } from './http/list-packages.ts';
import { translateStoreError } from './http/package-problems.ts';
import { openDatabase } from './store/open-database.ts';

const service = {
  name: 'resolver',
  version: '0.1.0',
  description: 'Which packages belong on which devices, built from messages alone.',
};
const basePath = '/resolver/api/v1';
/** The durable consumer, and the name of the inbox. The provisioner of streams makes it. */
const consumer = 'resolver';
/** After an outage of the database the last waiting message is tried within this time. */
const RETRY = { attemptsMax: 12, delayMsMin: 100, delayMsMax: 5_000 };

export function start(config: Config, { logger, ids, replicaId, tracing }: ServiceDeps): Promise<RunningService> {
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const health = new Health({ service: service.name, replicaId, logger });
    const metrics = createMetrics({ service: service.name });
    const database = openDatabase(config.DATABASE_URL, { logger });
    lifecycle.add('database', () => database.close());
    const { packages } = database;

    const target = brokerTarget(config);
    const observer = prometheusObserver(metrics.registry, packageTypes);
    const spans = await traceMessages(tracing?.tracer, packageTypes);
    const connected = connectJetStream({ ...target, name: `${service.name}-${replicaId}`, log: logger });
    const backend = spans.backend(observeBackend(connected, observer));
    lifecycle.add('broker', () => backend.close());

    const app = createHttpApp({
      service,
      basePath,
      routes: [listPackages(packages, `${basePath}/packages/`), getPackage(packages)],
      logger,
      health,
      metrics,
      ids,
      tracing,
      trustedProxies: config.TRUSTED_PROXIES,
      translateError: translateStoreError,
    });
    const server = await listen(app, { host: config.HOST, port: config.PORT, logger });
    lifecycle.add('http', ({ withinMs }) => server.close({ withinMs: withinMs / 2 }));

    const consumption = startConsumption(backend, {
      stream: 'events',
      consumer,
      types: packageTypes,
      handler: spans.handler({ stream: 'events', consumer }, handlePackageMessage(packages, consumer)),
      source: { instance: service.name, replica: replicaId },
      log: logger,
      time: systemTime,
      random: Math.random,
      retry: RETRY,
      ordered: true,
      redrives: true,
      observer,
    });
    lifecycle.add('consumption', ({ withinMs }) => consumption.stop({ withinMs: withinMs / 2 }));
    lifecycle.add('health', () => health.markStopping());

    health.register('database', () => database.health());
    health.register('broker', () => brokerHealth(backend, 'what is known grows old'));
    health.register('consumption', () => consumptionHealth(backend, [consumption]));
    health.register('durability', (signal) => checkDurability(target, signal));
    health.markStarted();
    return { address: server.address };
  });
}
