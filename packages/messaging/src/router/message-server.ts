// A server of messages: the queues it works on, and the requests it answers, as one thing to start and stop. It has no
// mechanism of its own: a queue is a consumption, and a request is served by the peer.
//
// N4  a message goes to the route of its type; that two routes could take the same one is refused before anything starts.
// N5  what consuming promises of handlers (G1–G11) holds for routes.
// N6  stopping ends queues and requests side by side, within one deadline; what runs may still ask its peer.
import type { Consumption, ConsumptionOptions } from '../consume/consumption-options.ts';
import { startConsumption } from '../consume/consumption.ts';
import type { Backend } from '../ports.ts';
import type { Peer, ServingHandle } from '../request/peer.ts';
import { checkQueues } from './check-queues.ts';
import type { EventRoute } from './event-pipeline.ts';
import type { RequestRoute } from './request-pipeline.ts';

type Shared = Pick<ConsumptionOptions, 'source' | 'log' | 'time' | 'random' | 'observer'>;

/** A durable consumer, and what becomes of its messages. What no route takes is a dead letter. */
export type Queue = Omit<ConsumptionOptions, keyof Shared | 'types' | 'handler' | 'ordered'> & {
  readonly routes: readonly EventRoute[];
};

export type MessageServerOptions = Shared & {
  readonly queues: readonly Queue[];
  /** The peer is the caller's: it is stopped after the server. */
  readonly requests?: { readonly peer: Pick<Peer, 'serve'>; readonly routes: readonly RequestRoute[] };
};

export type MessageServer = {
  /** In the order of the options; for `consumptionHealth`. The peer has a state of its own. */
  readonly queues: readonly Pick<Consumption, 'state'>[];
  /** (N6) Never rejects; may be repeated. */
  stop(options: { readonly withinMs: number }): Promise<void>;
};

/**
 * Returns at once; the broker may come later. Throws TypeError for routes that could take the same message (N4),
 * and for requests that the peer serves already; nothing is started then.
 */
export function startMessageServer(backend: Backend, options: MessageServerOptions): MessageServer {
  const { queues, requests, ...shared } = options;
  checkQueues(queues);
  const servings = requests === undefined ? [] : serveAll(requests.peer, requests.routes);
  const consumptions = queues.map(({ routes, ...queue }) => {
    const types = routes.map(({ type }) => type);
    return startConsumption(backend, { ...shared, ...queue, types, handler: routing(queue, routes) });
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
