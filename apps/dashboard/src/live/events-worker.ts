// The worker that all tabs share: one connection to the feed, however many of them are open.
import { servePages, type WorkerScope } from '@longwave/client/shared/worker';

// The library of a page's types has no scope of a shared worker.
servePages(globalThis as unknown as WorkerScope, { url: new URL('/events', location.origin) });
