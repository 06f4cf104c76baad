// Puts steering together, from the bottom up: database, broker, relay, HTTP. Everything is taken down in the reverse
// order, so that a request that runs finds what it needs, and its messages still leave.
import { messageTypes } from '@longwave/contracts';
import { createPool } from '@longwave/database';
import { observeBackend, systemTime, type Observer } from '@longwave/messaging';
import type { Cause } from '@longwave/messaging/contract';
import {
  brokerTarget,
  connectJetStream,
  type BrokerTarget,
  type JetStreamBackend,
} from '@longwave/messaging/jetstream';
import { traceMessages } from '@longwave/messaging/opentelemetry';
import { createNudges, startOutboxRelay, type OutboxRelay } from '@longwave/messaging/outbox';
import { prometheusObserver } from '@longwave/messaging/prometheus';
import {
  createHttpApp,
  createMetrics,
  Health,
  listen,
  withLifecycle,
  type Lifecycle,
  type Logger,
  type Route,
  type RunningService,
  type ServiceDeps,
} from '@longwave/runtime';
import type { Pool } from 'pg';
import type { PrismaClient } from '#prisma';
import type { Config } from './config.ts';
import { BASE_PATH, createUrls, type Urls } from './domain/urls.ts';
import { createProblems } from './http/problems.ts';
import { steeringRoutes } from './http/routes.ts';
import { startIdempotencyCleanup } from './idempotency-cleanup.ts';
import { registerChecks } from './readiness.ts';
import { startProgramTimer } from './program-timer.ts';
import { startScheduleRoller } from './schedule-roller.ts';
import { tickProgram } from './store/change-program.ts';
import { findDue } from './store/program-boundaries.ts';
import type { ResourceStoreOptions } from './store/resource-store.ts';
import { findRollingSchedules, rollScheduleFurther } from './store/roll-schedules.ts';
import { createIdempotencyKeys } from './store/idempotency-keys.ts';
import { openPrisma } from './store/open-prisma.ts';
import { createPackageStore } from './store/package-store.ts';
import { createProgramReader } from './store/program-reader.ts';
import { createResourceStores } from './store/resource-stores.ts';
import { createScheduleWriter } from './store/schedule-store.ts';
import { createTransactions, type Transactions } from './store/transactions.ts';

const about = {
  name: 'steering',
  version: '0.1.0',
  description: 'The radio program and the fleet of playout devices. Every change is told as a message, once, in order.',
} as const;

const CONNECTIONS_MAX = 10;
/** What these statements do takes milliseconds; one that takes seconds waits for something that does not come. */
const STATEMENT_TIMEOUT_MS = 5_000;

export type { Config } from './config.ts';
export { config } from './config.ts';

/** Starts without its database and its broker, too; readiness tells what is missing. Throws ListenError. */
export function start(config: Config, deps: ServiceDeps): Promise<RunningService> {
  const { logger, replicaId, ids, tracing } = deps;
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const pool = openPool(config, logger, lifecycle);
    const prisma = openPrisma(pool);
    lifecycle.add('prisma', () => prisma.$disconnect());
    const target = brokerTarget(config);
    const metrics = createMetrics({ service: about.name });
    const observer = prometheusObserver(metrics.registry, messageTypes);
    const spans = await traceMessages(tracing?.tracer, messageTypes);
    const backend = spans.backend(observeBackend(openBackend(target, deps, lifecycle), observer));
    const relay = openRelay(config, { logger, backend, observer }, lifecycle);

    let address = '';
    const urls = createUrls(() => config.PUBLIC_URL ?? address);
    const routes = openRoutes({ prisma, relay, urls }, deps, lifecycle);
    const health = new Health({ service: about.name, replicaId, logger });
    registerChecks(health, { pool, backend, relay, target, logger });
    const app = createHttpApp({
      service: about,
      basePath: BASE_PATH,
      routes,
      logger,
      health,
      metrics,
      ids,
      tracing,
      trustedProxies: config.TRUSTED_PROXIES,
      translateError: createProblems(urls),
    });
    const server = await listen(app, { host: config.HOST, port: config.PORT, logger });
    address = server.address;
    // Half of the time is for requests; the rest is for what they used.
    lifecycle.add('http', ({ withinMs }) => server.close({ withinMs: withinMs / 2 }));
    lifecycle.add('health', () => health.markStopping());
    health.markStarted();
    return { address };
  });
}

function openPool(config: Config, logger: Logger, lifecycle: Lifecycle): Pool {
  const pool = createPool(config.DATABASE_URL, {
    applicationName: about.name,
    connectionsMax: CONNECTIONS_MAX,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    onConnectionLost: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  lifecycle.add('database', () => pool.end());
  return pool;
}

function openBackend(target: BrokerTarget, { logger, replicaId }: ServiceDeps, lifecycle: Lifecycle): JetStreamBackend {
  const backend = connectJetStream({ ...target, name: `${about.name}/${replicaId}`, log: logger });
  lifecycle.add('broker', () => backend.close());
  return backend;
}

type RelayDeps = { readonly logger: Logger; readonly backend: JetStreamBackend; readonly observer: Observer };

function openRelay(config: Config, { logger, backend, observer }: RelayDeps, lifecycle: Lifecycle): OutboxRelay {
  const relay = startOutboxRelay({
    databaseUrl: config.DATABASE_URL,
    publisher: backend.publisher,
    nudges: createNudges(backend.link, about.name, systemTime),
    log: logger,
    time: systemTime,
    observer,
  });
  lifecycle.add('outbox', () => relay.stop());
  return relay;
}

type StoreDeps = { readonly prisma: PrismaClient; readonly relay: OutboxRelay; readonly urls: Urls };

function openRoutes({ prisma, relay, urls }: StoreDeps, deps: ServiceDeps, lifecycle: Lifecycle): readonly Route[] {
  const { clock, ids, replicaId, logger } = deps;
  const now = (): Date => clock.now();
  const keys = createIdempotencyKeys(prisma, now);
  const cleanup = startIdempotencyCleanup({ keys, time: systemTime, log: logger });
  lifecycle.add('idempotency', () => cleanup.stop());
  const outbox = { source: { instance: about.name, replica: replicaId }, now, newId: () => ids.next() };
  const transactions = createTransactions({ prisma, outbox, nudge: () => relay.nudge(), log: logger });
  const options = { prisma, urls, now };
  openClocks({ ...options, transactions, relay }, deps, lifecycle);
  return steeringRoutes({
    stores: createResourceStores(options),
    writer: createScheduleWriter(options),
    program: createProgramReader(prisma),
    now,
    packages: createPackageStore(options),
    transactions,
    keys,
    urls,
  });
}

type ClockDeps = ResourceStoreOptions & { readonly transactions: Transactions; readonly relay: OutboxRelay };

/** What happens without anybody asking for it: the program goes on, and schedules are planned further. */
function openClocks(
  { transactions, relay, ...options }: ClockDeps,
  { ids, logger }: ServiceDeps,
  lifecycle: Lifecycle,
): void {
  const { prisma, now } = options;
  const common = {
    newCause: (): Cause => ({ correlationId: ids.next(), actor: `service:${about.name}` }),
    time: systemTime,
    log: logger,
  };
  const timer = startProgramTimer({
    ...common,
    now,
    findDue: () => findDue(prisma),
    nudge: () => relay.nudge(),
    tick: (cause, due) => transactions.run(cause, (transaction) => tickProgram(transaction, now, due)),
  });
  lifecycle.add('program timer', () => timer.stop());
  const roller = startScheduleRoller({
    ...common,
    findRolling: () => findRollingSchedules(prisma),
    roll: (cause, id) =>
      transactions.run(cause, (transaction) => rollScheduleFurther({ ...options, log: logger }, transaction, id)),
  });
  lifecycle.add('schedule roller', () => roller.stop());
}
