// The composition root: what the audit log consists of, in the order in which it is opened. Stopping is the reverse:
// no new messages, no new requests, then the broker, then the database.
import { messageTypes, streamNames } from '@longwave/contracts';
import {
  brokerHealth,
  consumptionHealth,
  observeBackend,
  startBatchConsumption,
  systemTime,
  type Backend,
  type BatchConsumption,
  type Observer,
} from '@longwave/messaging';
import { brokerTarget, checkDurability, connectJetStream } from '@longwave/messaging/jetstream';
import { traceMessages, type MessageTracing } from '@longwave/messaging/opentelemetry';
import { prometheusObserver } from '@longwave/messaging/prometheus';
import {
  createHttpApp,
  createMetrics,
  Health,
  listen,
  withLifecycle,
  type Logger,
  type RunningService,
  type ServiceDeps,
} from '@longwave/runtime';
import type { Config } from './config.ts';
import type { EntryLog } from './domain/entry-log.ts';
import { recordMessages } from './handlers/record-messages.ts';
import { translateError } from './http/entry-problems.ts';
import { getEntry } from './http/get-entry.ts';
import { listEntries } from './http/list-entries.ts';
import { openDatabase } from './store/open-database.ts';

const service = {
  name: 'audit-log',
  version: '0.1.0',
  description: 'The record of every message, which only grows.',
};
const basePath = '/audit-log/api/v1';
/** The durable consumer on each stream. The provisioner of streams makes them. */
const consumer = 'audit-log';
/** A work queue has one consumer, and that is not us. */
const recordedStreams = streamNames.filter((name) => name !== 'queue');
/** Larger batches gain little and hold twice their size in memory, for each stream. */
const BATCH_MAX = 128;

export function start(config: Config, { logger, ids, replicaId, tracing }: ServiceDeps): Promise<RunningService> {
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const health = new Health({ service: service.name, replicaId, logger });
    const metrics = createMetrics({ service: service.name });
    const database = openDatabase(config.DATABASE_URL, { logger });
    lifecycle.add('database', () => database.close());
    const { entries } = database;

    const target = brokerTarget(config);
    const observer = prometheusObserver(metrics.registry, messageTypes);
    const spans = await traceMessages(tracing?.tracer, messageTypes);
    const connected = connectJetStream({ ...target, name: `${service.name}-${replicaId}`, log: logger });
    const backend = spans.backend(observeBackend(connected, observer));
    lifecycle.add('broker', () => backend.close());

    const app = createHttpApp({
      service,
      basePath,
      routes: [listEntries(entries, `${basePath}/entries/`), getEntry(entries)],
      logger,
      health,
      metrics,
      ids,
      tracing,
      trustedProxies: config.TRUSTED_PROXIES,
      translateError,
    });
    const server = await listen(app, { host: config.HOST, port: config.PORT, logger });
    lifecycle.add('http', ({ withinMs }) => server.close({ withinMs: withinMs / 2 }));

    const consumptions = startRecording(backend, { entries, log: logger, observer, spans });
    lifecycle.add('consumption', async ({ withinMs }) => {
      await Promise.all(consumptions.map((consumption) => consumption.stop({ withinMs: withinMs / 2 })));
    });
    lifecycle.add('health', () => health.markStopping());

    health.register('database', () => database.health());
    health.register('broker', () => brokerHealth(backend, 'nothing new is recorded'));
    health.register('consumption', () => consumptionHealth(backend, consumptions));
    health.register('durability', (signal) => checkDurability(target, signal));
    health.markStarted();
    return { address: server.address };
  });
}

type RecordingDeps = {
  readonly entries: EntryLog;
  readonly log: Logger;
  readonly observer: Observer;
  readonly spans: MessageTracing;
};

/** One batch after the other from each stream; streams do not wait for each other. */
function startRecording(
  backend: Backend,
  { entries, log, observer, spans }: RecordingDeps,
): readonly BatchConsumption[] {
  const handler = recordMessages(entries, log);
  return recordedStreams.map((stream) =>
    startBatchConsumption(backend, {
      stream,
      consumer,
      handler: spans.batchHandler({ stream, consumer }, handler),
      log,
      time: systemTime,
      random: Math.random,
      batchMax: BATCH_MAX,
      observer,
    }),
  );
}
