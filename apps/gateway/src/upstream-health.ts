// How the services behind the gateway are. One that is away makes the gateway degraded and no less ready: taking it out
// of rotation would take the others with it.
import { get } from 'node:http';
import type { HealthCheck } from '@longwave/runtime';
import type { Agents } from './proxy/agents.ts';
import type { Upstream } from './upstream.ts';

export function upstreamCheck({ name, host, port }: Upstream, agents: Agents): HealthCheck {
  return (signal) =>
    new Promise((resolve) => {
      const ask = get({ host, port, path: '/health/ready', agent: agents.fresh, signal }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? { state: 'up' } : { state: 'degraded', reason: `${name} is not ready` });
      });
      // Why is in the logs of the one that asks and of the one that is asked; an address is nobody's business.
      ask.once('error', () => resolve({ state: 'degraded', reason: `${name} does not answer` }));
    });
}
