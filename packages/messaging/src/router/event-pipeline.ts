// Where routes of events are made: a row of middlewares, and at its end a handler for each type.
import { isMessageOf } from '../contract/is-message-of.ts';
import type { Message } from '../contract/decode.ts';
import type { EventType, MessageType } from '../contract/message-type.ts';
import type { ParameterNames } from '../contract/subject.ts';
import type { ObservedGroup } from '../observe/observer.ts';
import { runChain, type Chain } from './chain.ts';
import type { ArrivedEvent, Middleware, RouteContext } from './middleware.ts';

/** A message of a type, with the parameters of its subject by their names. */
export type RoutedEvent<Data, Template extends string = string> = Message<Data> & {
  readonly params: { readonly [Name in ParameterNames<Template>]: string };
};

/** What becomes of the messages of one type. It belongs to no queue until a server puts it into one. */
export type EventRoute = {
  readonly type: MessageType;
  readonly run: (group: ObservedGroup, message: Message, context: RouteContext) => Promise<void>;
};

/** `Adds`: what its middlewares have added to the context. Each `use` is another pipeline; none is ever changed. */
export type EventPipeline<Adds extends object> = {
  /** Another middleware, behind those that are there. (S1) */
  use<More extends object>(middleware: Middleware<More, Adds, ArrivedEvent>): EventPipeline<Adds & More>;
  /** A route: messages of `type` go through the middlewares to `handler`. */
  on<Data, Template extends string>(
    type: EventType<Data, never, Template>,
    handler: (event: RoutedEvent<Data, Template>, context: RouteContext & Adds) => Promise<void> | void,
  ): EventRoute;
};

/** A pipeline without middlewares. */
export function eventPipeline(): EventPipeline<object> {
  return pipelineOf([]);
}

function pipelineOf<Adds extends object>(chain: Chain<ArrivedEvent>): EventPipeline<Adds> {
  return {
    use: (middleware) => pipelineOf([...chain, middleware]),
    on: (type, handler) => ({
      type,
      run: async (group, message, context) => {
        const event = routed(type, message);
        const arrived: ArrivedEvent = { kind: 'event', name: type.name, group, message };
        // The chain has added what `Adds` says. (S2)
        await runChain(chain, arrived, context, (added) => handler(event, added as RouteContext & Adds));
      },
    }),
  };
}

function routed<Data, Template extends string>(
  type: EventType<Data, never, Template>,
  message: Message,
): RoutedEvent<Data, Template> {
  const params = type.subject.match(message.stored.subject);
  if (params !== null && isMessageOf(type, message)) return { ...message, params };
  throw new TypeError(`a message on ${message.stored.subject} is no ${type.name}: it was given to the wrong route`);
}
