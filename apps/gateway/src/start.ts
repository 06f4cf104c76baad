// Puts the service together, and takes it apart in the opposite order.
import { createMetrics, Health, listen, withLifecycle, type RunningService, type ServiceDeps } from '@longwave/runtime';
import type { Config } from './config.ts';
import { createGateway } from './create-gateway.ts';
import { foreignHostRefusal } from './own-host.ts';
import { createAgents } from './proxy/agents.ts';
import { clientFactsReader } from './proxy/client-facts.ts';
import { EventStreams } from './proxy/event-streams.ts';
import { routesOf, upstreamsOf } from './upstream.ts';
import { upstreamCheck } from './upstream-health.ts';

export type { Config } from './config.ts';
export { config } from './config.ts';

const NAME = 'gateway';
/** Of the time to stop: running requests may use nearly all of it, as nothing after them takes any. */
const REQUESTS_SHARE = 0.9;

/** Starts without the services, too. Throws ListenError. */
export function start(config: Config, { logger, ids, replicaId, tracing }: ServiceDeps): Promise<RunningService> {
  return withLifecycle({ withinMs: config.SHUTDOWN_WITHIN_MS, logger }, async (lifecycle) => {
    const upstreams = upstreamsOf(config);
    const agents = createAgents();
    lifecycle.add('connections to services', () => agents.close());
    const streams = new EventStreams();
    const metrics = createMetrics({ service: NAME });
    const health = new Health({ service: NAME, replicaId, logger });
    for (const upstream of upstreams) health.register(upstream.name, upstreamCheck(upstream, agents));

    const gateway = createGateway({
      routes: routesOf(upstreams),
      dashboardDirectory: config.DASHBOARD_DIRECTORY,
      agents,
      streams,
      readClient: clientFactsReader(config.TRUSTED_PROXIES),
      refuseForeignHost: foreignHostRefusal({ publicUrl: config.PUBLIC_URL, host: config.HOST }),
      answerWithinMs: config.UPSTREAM_ANSWER_WITHIN_MS,
      health,
      metrics,
      logger,
      ids,
      random: Math.random,
      pseudonym: `longwave-gateway-${replicaId}`,
      tracing,
    });
    const server = await listen(gateway, { host: config.HOST, port: config.PORT, logger });
    lifecycle.add('http', ({ withinMs }) => server.close({ withinMs: Math.round(withinMs * REQUESTS_SHARE) }));
    lifecycle.add('event streams', () => streams.drain());
    lifecycle.add('health', () => health.markStopping());
    health.markStarted();
    return { address: server.address };
  });
}
