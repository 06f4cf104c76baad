// Events that all tabs of an origin have from one connection, held by a SharedWorker.
import { eventsOver, type Events, type EventsOptions } from '../events.ts';
import type { Locks } from './protocol.ts';
import { WorkerFeed, type WorkerPort } from './worker-feed.ts';

export type SharedOptions = EventsOptions & {
  /** Of the worker whose script calls `servePages`. */
  readonly port: WorkerPort;
  readonly locks: Locks;
  /** A name that no other page has: `crypto.randomUUID()`. */
  readonly lock: string;
};

/** Not every browser has SharedWorker: use `createEvents` there. */
export function createSharedEvents({ port, locks, lock, ...options }: SharedOptions): Events {
  return eventsOver((listener) => new WorkerFeed(listener, port, { locks, lock }), options);
}

export type { Locks } from './protocol.ts';
export type { WorkerPort } from './worker-feed.ts';
