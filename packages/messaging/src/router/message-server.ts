// A server of messages: the queues it works on, and the requests it answers, as one thing to start and stop. It has no
// mechanism of its own: a queue is a consumption, and a request is served by the peer.
//
// S4  a message goes to the route of its type; that two routes could take the same one is refused before anything starts.
// S5  what consuming promises of handlers (G1–G15) holds for routes; queues of one server share what is per process (G12).
// S6  stopping ends queues and requests side by side, within one deadline; what runs may still ask its peer.
import type { Consumption, ConsumptionOptions } from '../consume/consumption-options.ts';
import { startConsumption } from '../consume/consumption.ts';
import type { ExclusiveBackend } from '../consume/pull-group.ts';
import { Solitude } from '../consume/solitude.ts';
import type { Backend } from '../ports.ts';
import type { Peer, ServingHandle } from '../request/peer.ts';
import { checkQueues } from './check-queues.ts';
import type { EventRoute } from './event-pipeline.ts';
import type { RequestRoute } from './request-pipeline.ts';

type Shared = Pick<ConsumptionOptions, 'source' | 'log' | 'time' | 'random' | 'observer' | 'solitude'>;

/** A durable consumer, and what becomes of its messages. What no route takes is a dead letter. */
export type Queue = Omit<ConsumptionOptions, keyof Shared | 'types' | 'handler'> & {
  readonly routes: readonly EventRoute[];
};

export type MessageServerOptions<OneQueue extends Queue = Queue> = Shared & {
  readonly queues: readonly OneQueue[];
  /** The peer is the caller's: it is stopped after the server. */
  readonly requests?: { readonly peer: Pick<Peer, 'serve'>; readonly routes: readonly RequestRoute[] };
};

export type MessageServer = {
  /** In the order of the options; for `consumptionHealth`. The peer has a state of its own. */
  readonly queues: readonly Pick<Consumption, 'state'>[];
  /** (S6) Never rejects; may be repeated. */
  stop(options: { readonly withinMs: number }): Promise<void>;
};

/**
 * Returns at once; the broker may come later. Throws TypeError for routes that could take the same message (S4),
 * and for requests that the peer serves already; nothing is started then.
 */
export function startMessageServer(
  backend: Backend,
  options: MessageServerOptions<Queue & { readonly ordered?: false }>,
): MessageServer;
/** With ordered queues: one replica is active in each, the others stand by. (G15) */
export function startMessageServer(backend: ExclusiveBackend, options: MessageServerOptions): MessageServer;
export function startMessageServer(backend: Backend | ExclusiveBackend, options: MessageServerOptions): MessageServer {
  const { queues, requests, ...rest } = options;
  checkQueues(queues);
  const servings = requests === undefined ? [] : serveAll(requests.peer, requests.routes);
  const shared = { ...rest, solitude: rest.solitude ?? new Solitude(rest.time) }; // (S5)
  const consumptions = queues.map(({ routes, ...queue }) => {
    const types = routes.map(({ type }) => type);
    const consumption = { ...shared, ...queue, types, handler: routing(queue, routes) };
    if ('exclusive' in backend) return startConsumption(backend, consumption);
    return startConsumption(backend, { ...consumption, ordered: false });
  });
  let stopped: Promise<void> | null = null;
  return {
    queues: consumptions,
    stop: (deadline) => {
      stopped ??= Promise.all([...consumptions, ...servings].map((one) => one.stop(deadline))).then(() => undefined);
      return stopped;
    },
  };
}

/** All of them or none: a peer refuses to serve a type twice. */
function serveAll(peer: Pick<Peer, 'serve'>, routes: readonly RequestRoute[]): readonly ServingHandle[] {
  const servings: ServingHandle[] = [];
  try {
    for (const route of routes) servings.push(route.serve(peer));
    return servings;
  } catch (error) {
    for (const serving of servings) void serving.stop({ withinMs: 0 });
    throw error;
  }
}

/** (S4) */
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
