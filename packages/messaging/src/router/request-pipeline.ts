// Where routes of requests and notices are made: a row of middlewares, and at its end a handler for each type.
import type { HandlerResult } from '../request/answer.ts';
import type { RequestContext } from '../request/exchange.ts';
import type { Peer, ServeOptions, ServingHandle } from '../request/peer.ts';
import type { Received } from '../request/received.ts';
import type { Served } from '../request/serving.ts';
import { runChain, type Chain } from './chain.ts';
import type { ArrivedRequest, Middleware, RequestRouteContext, RouteContext } from './middleware.ts';

/** What becomes of the requests of one type. It is served by nobody until a server has it served by its peer. */
export type RequestRoute = {
  readonly name: string;
  readonly serve: (peer: Pick<Peer, 'serve'>) => ServingHandle;
};

/** `Adds`: what its middlewares have added to the context. Each `use` is another pipeline; none is ever changed. */
export type RequestPipeline<Adds extends object> = {
  /** Another middleware, behind those that are there. (S1) */
  use<More extends object>(
    middleware: Middleware<More, RequestRouteContext & Adds, ArrivedRequest>,
  ): RequestPipeline<Adds & More>;
  /** A route: what is asked goes through the middlewares to `handler`, the answer the other way. */
  serve<Input, Output>(
    type: Served<Input, Output>,
    options: ServeOptions,
    handler: (
      request: Received<Input>,
      context: RequestRouteContext & Adds,
    ) => HandlerResult<Output> | Promise<HandlerResult<Output>>,
  ): RequestRoute;
};

/** A pipeline without middlewares. */
export function requestPipeline(): RequestPipeline<object> {
  return pipelineOf([]);
}

function pipelineOf<Adds extends object>(chain: Chain<ArrivedRequest>): RequestPipeline<Adds> {
  return {
    use: (middleware) => pipelineOf([...chain, middleware]),
    serve: <Input, Output>(
      type: Served<Input, Output>,
      options: ServeOptions,
      handler: (request: Received<Input>, context: RequestRouteContext & Adds) => unknown,
    ) => ({
      name: type.name,
      serve: (peer) =>
        peer.serve(type, options, async (request, context) => {
          const arrived: ArrivedRequest = { kind: 'request', name: type.name, message: request };
          // The chain has added what `Adds` says (S2), and what comes out of it is what the handler gave, now or before.
          const handle = (added: RouteContext) => handler(request, added as RequestRouteContext & Adds);
          return (await runChain(chain, arrived, routeContextOf(context), handle)) as HandlerResult<Output>;
        }),
    }),
  };
}

/** A plain object, which can be added to; the peer's own makes some of it only when it is looked at. */
function routeContextOf({ cause, log, signal, expiresAt, replyTo, reply }: RequestContext): RequestRouteContext {
  return { cause, log, signal, expiresAt, replyTo, reply };
}
