// Subjects for a page or a program: `createEvents({ url: '/events' }).subscribe('resource.*.show.>', …)`.
import { eventsOver, type Events, type EventsOptions } from './events.ts';
import { HttpFeed, type HttpFeedOptions } from './http-feed.ts';

/** Opens nothing until somebody subscribes. */
export function createEvents(options: HttpFeedOptions & EventsOptions): Events {
  return eventsOver((listener) => new HttpFeed(listener, options), options);
}

export type { EventPayload, FeedEvent, Gap } from './feed-event.ts';
export type { Connection, Refusal, Status } from './feed.ts';
export type { Events, EventsOptions } from './events.ts';
export type { Handler, Source, Subscriber } from './subscriptions.ts';
export type { HttpFeedOptions } from './http-feed.ts';
