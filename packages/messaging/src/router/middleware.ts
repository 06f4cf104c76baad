// What stands between a message and its handler. A middleware sees what arrived, may add values to the context of what
// comes after it, and runs that with `next`: once, again, or not at all.
//
// S1  middlewares run in the order in which they were given, the first one outermost.
// S2  what one adds, and only that, is in the context of those after it and of the handler: the compiler knows it.
// S3  what is thrown behind one reaches it as it was thrown, and so does what it throws itself: a Reject is a Reject
//     wherever it comes from.
import type { Cause } from '../contract/cause.ts';
import type { Message } from '../contract/decode.ts';
import type { Log } from '../log.ts';
import type { ObservedGroup } from '../observe/observer.ts';
import type { RequestContext } from '../request/exchange.ts';
import type { Received } from '../request/received.ts';

/** A message of a queue, for one of its routes. `name`: of its type. */
export type ArrivedEvent = {
  readonly kind: 'event';
  readonly name: string;
  readonly group: ObservedGroup;
  readonly message: Message;
};

/** A request, or a notice. */
export type ArrivedRequest = {
  readonly kind: 'request';
  readonly name: string;
  readonly message: Received<unknown>;
};

export type Arrived = ArrivedEvent | ArrivedRequest;

/** What every handler is given besides its message. */
export type RouteContext = {
  /** What the handler publishes and asks because of the message has this cause. */
  readonly cause: Cause;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** What a handler of requests is given. */
export type RequestRouteContext = RouteContext & Pick<RequestContext, 'expiresAt' | 'replyTo' | 'reply'>;

/**
 * `Adds`: what it passes on to `next`. `Needs`: what those before it must have added. `What`: what it is for; the default
 * is both. For a request it resolves with the answer, for an event with anything.
 */
export type Middleware<Adds extends object = object, Needs extends object = object, What extends Arrived = Arrived> = (
  arrived: What,
  context: RouteContext & Needs,
  next: (adds: Adds) => Promise<unknown>,
) => Promise<unknown>;
