// How the page hears of messages: through the worker that all tabs share, or by itself where there is no such worker.
// Web Locks, by which the worker knows which tabs are there, exist only where the page came over https or from loopback.
import { createEvents, type Events } from '@longwave/client';
import { createSharedEvents } from '@longwave/client/shared';

/** Opens nothing until somebody subscribes. */
export function openEvents(newId: () => string): Events {
  if (typeof SharedWorker === 'undefined' || !('locks' in navigator)) return createEvents({ url: '/events' });
  const worker = new SharedWorker(new URL('./events-worker.ts', import.meta.url), { type: 'module', name: 'events' });
  return createSharedEvents({ port: worker.port, locks: navigator.locks, lock: newId() });
}
