// A server of messages: the queues it works on, and the requests it answers, as one thing to start and stop. It has no
// mechanism of its own: a queue is a consumption, and a request is served by the peer.
//
// N4  a message goes to the route of its type; that two routes could take the same one is refused before anything starts.
// N5  what consuming promises of handlers (G1–G11) holds for routes.
// N6  stopping ends queues and requests side by side, within one deadline; what runs may still ask its peer.
import type { ConsumptionOptions, ConsumptionState } from '../consume/consumption-options.ts';
import { startConsumption } from '../consume/consumption.ts';
import type { Backend } from '../ports.ts';
import type { Peer } from '../request/peer.ts';
import type { EventRoute } from './event-pipeline.ts';
import { checkQueues } from './check-queues.ts';
import type { RequestRoute } from './request-pipeline.ts';

/** A durable consumer, and what becomes of its messages. What no route takes is a dead letter. */
export type Queue = Pick<ConsumptionOptions, 'stream' | 'consumer' | 'concurrency' | 'retry'> & {
  readonly routes: readonly EventRoute[];
};

export type MessageServerOptions = Pick<ConsumptionOptions, 'source' | 'log' | 'time' | 'random' | 'observer'> & {
  readonly queues: readonly Queue[];
  /** The peer is the caller's: it is stopped after the server. */
  readonly requests?: { readonly peer: Pick<Peer, 'serve'>; readonly routes: readonly RequestRoute[] };
};

export type MessageServer = {
  /** Of the queues, the worst of them; for readiness. The peer has a state of its own. */
  state(): ConsumptionState;
  /** (N6) Never rejects; may be repeated. */
  stop(options: { readonly withinMs: number }): Promise<void>;
};

/** Returns at once; the broker may come later. Throws TypeError for routes that could take the same message (N4). */
export function startMessageServer(backend: Backend, options: MessageServerOptions): MessageServer {
  const { queues, requests, ...shared } = options;
  checkQueues(queues);
  const servings = requests?.routes.map((route) => route.serve(requests.peer)) ?? [];
  const consumptions = queues.map(({ routes, ...queue }) =>
    startConsumption(backend, {
      ...shared,
      ...queue,
      types: routes.map(({ type }) => type),
      handler: routing(queue, routes),
    }),
  );
  let stopped: Promise<void> | null = null;
  return {
    state: () => worstOf(consumptions.map((consumption) => consumption.state())),
    stop: (deadline) => {
      stopped ??= Promise.all([...consumptions, ...servings].map((one) => one.stop(deadline))).then(() => undefined);
      return stopped;
    },
  };
}

/** (N4) */
function routing(
  group: Pick<Queue, 'stream' | 'consumer'>,
  routes: readonly EventRoute[],
): ConsumptionOptions['handler'] {
  const { stream, consumer } = group;
  const byType = new Map(routes.map((route) => [route.type, route]));
  return async (message, context) => {
    const route = byType.get(message.type);
    if (route === undefined) throw new TypeError(`${message.type.name} was read although no route takes it`);
    await route.run({ stream, consumer }, message, context);
  };
}

function worstOf(states: readonly ConsumptionState[]): ConsumptionState {
  const troubles = states.flatMap((state) => (state.state === 'up' ? [] : [state]));
  if (troubles.length === 0) return { state: 'up' };
  const state = troubles.some((trouble) => trouble.state === 'down') ? 'down' : 'degraded';
  return { state, reason: troubles.map(({ reason }) => reason).join('; ') };
}
