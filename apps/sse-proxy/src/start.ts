// Puts the service together, and takes it apart in the opposite order.
import { streamSubjects } from '@longwave/contracts';
import {
  brokerTarget,
  checkDurability,
  connectJetStream,
  type BrokerTarget,
  type JetStreamBackend,
} from '@longwave/messaging/jetstream';
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
import type { Config } from './config.ts';
import { permittedStreams, type SelectionRules } from './domain/selection.ts';
import { streamTopology } from './domain/stream-topology.ts';
import { StreamDoor } from './connection/stream-door.ts';
import { StreamHead } from './connection/stream-head.ts';
import { Admission } from './http/admission.ts';
import { eventsRoute } from './http/events-route.ts';
import { registerMetrics } from './metrics.ts';
import { Hub } from './sse/hub.ts';

const NAME = 'sse-proxy';
const about = { name: NAME, version: '0.1.0', description: 'NATS subjects for browsers, over Server-Sent Events.' };
/** What is left open then is an answer nobody reads. */
const HTTP_CLOSE_WITHIN_MS = 1_000;

/** Starts without the broker, too; the clients are told when it comes. Throws ListenError. */
export function start(config: Config, { logger, ids, clock, replicaId }: ServiceDeps): Promise<RunningService> {
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const random = Math.random;
    const target = brokerTarget(config);
    const broker = connectJetStream({ ...target, name: NAME, log: logger });
    lifecycle.add('broker', () => broker.close());
    const hub = new Hub({
      reader: broker.reader,
      log: logger,
      heartbeatMs: config.HEARTBEAT_MS,
      ringBytesMax: config.RING_BYTES_MAX,
      random,
    });
    lifecycle.add('hub', () => hub.stop());
    const rules = rulesOf(config);
    hub.prepare(permittedStreams(rules));

    const health = new Health({ service: NAME, replicaId, logger });
    health.register('nats', (signal) => natsHealth(broker, target, signal));
    const metrics = createMetrics({ service: NAME });
    registerMetrics(metrics, hub);
    const admission = new Admission({ hub, rules, connectionsMax: config.CONNECTIONS_MAX, random });
    const app = createHttpApp({
      service: about,
      basePath: '/',
      routes: [eventsRoute({ hub, admission })],
      logger,
      health,
      metrics,
      ids,
      trustedProxies: config.TRUSTED_PROXIES,
      corsOrigins: config.CORS_ORIGINS,
    });
    const head = new StreamHead({ corsOrigins: config.CORS_ORIGINS, clock: () => clock.now(), ids });
    const door = new StreamDoor({ hub, admission, head, log: logger });
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

function rulesOf(config: Config): SelectionRules {
  return {
    streams: streamTopology(streamSubjects),
    permitted: config.PUBLIC_SUBJECTS,
    filtersMax: config.FILTERS_PER_CONNECTION_MAX,
  };
}

async function natsHealth(broker: JetStreamBackend, target: BrokerTarget, signal: AbortSignal): Promise<HealthState> {
  const state = broker.state();
  // The reason may hold an address, and this answer is public; the log has it.
  if (state.state === 'down') return { state: 'down', reason: 'nats-server is away' };
  return checkDurability(target, signal);
}
