// Puts the service together, and takes it apart in the opposite order.
import { streamSubjects } from '@longwave/contracts';
import type { StreamReader } from '@longwave/messaging';
import {
  brokerTarget,
  checkDurability,
  connectJetStream,
  type BrokerTarget,
  type JetStreamBackend,
} from '@longwave/messaging/jetstream';
import { traceMessages } from '@longwave/messaging/opentelemetry';
import {
  createHttpApp,
  createMetrics,
  Health,
  listen,
  withLifecycle,
  type HealthState,
  type RunningService,
  type ServiceDeps,
} from '@longwave/runtime';
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import { StreamDoor } from './connection/stream-door.ts';
import { StreamHead } from './connection/stream-head.ts';
import { publicGrants } from './domain/grant.ts';
import { permittedStreams } from './domain/selection.ts';
import { streamTopology } from './domain/stream-topology.ts';
import { Admission, type AdmissionDeps } from './http/admission.ts';
import { clientAddressReader } from './http/client-address.ts';
import { ConnectRate } from './http/connect-rate.ts';
import { connectionsRoute } from './http/connections-route.ts';
import { eventsRoute } from './http/events-route.ts';
import { historyRoute } from './http/history-route.ts';
import { ticketsRoute } from './http/tickets-route.ts';
import { Tickets } from './http/tickets.ts';
import { registerMetrics } from './metrics.ts';
import { historyReader } from './sse/history.ts';
import { Hub, type HubOptions } from './sse/hub.ts';
import { requestTracing, tracedReader } from './traces.ts';

const NAME = 'sse-proxy';
const about = { name: NAME, version: '0.1.0', description: 'NATS subjects for browsers, over Server-Sent Events.' };
/** What is left open then is an answer nobody reads. */
const HTTP_CLOSE_WITHIN_MS = 1_000;
const TICKET_BYTES = 32;

/** Starts without the broker, too; the clients are told when it comes. Throws ListenError. */
export function start(config: Config, deps: ServiceDeps): Promise<RunningService> {
  const { logger, ids, clock, replicaId, tracing } = deps;
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const now = (): Date => clock.now();
    const target = brokerTarget(config);
    const broker = connectJetStream({ ...target, name: NAME, log: logger });
    lifecycle.add('broker', () => broker.close());
    const reader = await readerOf(broker, tracing);
    const hub = new Hub(hubOptions(config, { reader, log: logger, clock: now, random: Math.random }));
    lifecycle.add('hub', () => hub.stop());
    const streams = streamTopology(streamSubjects);
    hub.prepare(permittedStreams(streams, config.PUBLIC_SUBJECTS));

    const tickets = new Tickets({ now, secret: () => randomBytes(TICKET_BYTES).toString('base64url') });
    const admission = new Admission({
      hub,
      ...admissionRules(config),
      tickets,
      rate: new ConnectRate(config.CONNECTS_PER_SECOND_MAX, () => performance.now()),
      streams,
      clock: now,
      random: Math.random,
    });
    const addressOf = clientAddressReader(config.TRUSTED_PROXIES);
    const health = new Health({ service: NAME, replicaId, logger });
    health.register('nats', (signal) => natsHealth(broker, target, signal));
    const metrics = createMetrics({ service: NAME });
    registerMetrics(metrics, { hub, admission });
    const app = createHttpApp({
      service: about,
      basePath: '/',
      routes: [
        eventsRoute({ hub, admission, addressOf }),
        historyRoute({ admission, read: historyReader(hub, reader) }),
        ticketsRoute({ admission, tickets }),
        connectionsRoute(hub.connections),
      ],
      logger,
      health,
      metrics,
      ids,
      tracing: tracing && requestTracing(tracing),
      trustedProxies: config.TRUSTED_PROXIES,
      corsOrigins: config.CORS_ORIGINS,
    });
    const head = new StreamHead({ corsOrigins: config.CORS_ORIGINS, clock: now, ids });
    const door = new StreamDoor({ hub, admission, head, addressOf, log: logger });
    lifecycle.add('door', () => door.close());
    const { HOST: host, PORT: port } = config;
    const server = await listen(app, { host, port, logger, takeConnection: door.take });
    lifecycle.add('http', ({ withinMs }) => {
      const closed = server.close({ withinMs: Math.min(withinMs, HTTP_CLOSE_WITHIN_MS) });
      // Now that nobody comes any more: the server waits for who stands at the door, too.
      door.close();
      return closed;
    });
    lifecycle.add('streams', () => hub.drain());
    lifecycle.add('health', () => health.markStopping());
    health.markStarted();
    return { address: server.address };
  });
}

function admissionRules(config: Config): Pick<AdmissionDeps, 'grants' | 'filtersMax' | 'snapshotSubjects'> {
  return {
    grants: publicGrants(config.PUBLIC_SUBJECTS),
    filtersMax: config.FILTERS_PER_CONNECTION_MAX,
    snapshotSubjects: config.SNAPSHOT_SUBJECTS,
  };
}

async function readerOf({ reader }: JetStreamBackend, tracing: ServiceDeps['tracing']): Promise<StreamReader> {
  return tracing === undefined ? reader : tracedReader(reader, await traceMessages(tracing.tracer, []));
}

function hubOptions(config: Config, deps: Pick<HubOptions, 'reader' | 'log' | 'clock' | 'random'>): HubOptions {
  return {
    ...deps,
    heartbeatMs: config.HEARTBEAT_MS,
    ringBytesMax: config.RING_BYTES_MAX,
    snapshotSubjectsMax: config.SNAPSHOT_SUBJECTS_MAX,
    limits: {
      connectionsMax: config.CONNECTIONS_MAX,
      connectionsPerAddressMax: config.CONNECTIONS_PER_ADDRESS_MAX,
    },
    connectionAgeMaxMs: config.CONNECTION_AGE_MAX_MS,
    drainWindowMs: config.DRAIN_WINDOW_MS,
  };
}

async function natsHealth(broker: JetStreamBackend, target: BrokerTarget, signal: AbortSignal): Promise<HealthState> {
  const state = broker.state();
  // The reason may hold an address, and this answer is public; the log has it.
  if (state.state === 'down') return { state: 'down', reason: 'nats-server is away' };
  return checkDurability(target, signal);
}
