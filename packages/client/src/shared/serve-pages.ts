// The worker's side: one connection for every tab of an origin, because a browser has six of them over HTTP/1.1.
//
// H1  however many pages listen, one connection is open, for all their filters.
// H2  each page is given its own events, and every page is told of gaps and of the connection's state.
// H3  a page that goes, in whatever way, is noticed; with the last one the connection is closed.
import { HttpFeed, type HttpFeedOptions } from '../http-feed.ts';
import { matches } from '../filter.ts';
import { idle, type Status } from '../feed.ts';
import type { Locks, PageMessage, Port, WorkerMessage } from './protocol.ts';

export type PagePort = Port<WorkerMessage, PageMessage>;

/** What is used of a SharedWorkerGlobalScope. */
export type WorkerScope = {
  onconnect: ((event: { readonly ports: readonly PagePort[] }) => void) | null;
  readonly navigator: { readonly locks: Locks };
};

/** To be called at once when the worker's script runs: `servePages(self, { url: '/events' })`. */
export function servePages(scope: WorkerScope, options: HttpFeedOptions): void {
  const filtersOf = new Map<PagePort, readonly string[]>();
  let status: Status = idle;

  const feed = new HttpFeed(
    {
      onEvent: (event) => {
        for (const [page, filters] of filtersOf)
          if (filters.some((filter) => matches(filter, event.subject))) page.postMessage({ type: 'event', event });
      },
      onGap: (gap) => {
        for (const page of filtersOf.keys()) page.postMessage({ type: 'gap', gap });
      },
      onStatus: (next) => {
        status = next;
        for (const page of filtersOf.keys()) page.postMessage({ type: 'status', status });
      },
      onRefused: (refused, refusal) => {
        for (const [page, filters] of filtersOf) {
          if (!filters.some((filter) => refused.includes(filter))) continue;
          filtersOf.set(
            page,
            filters.filter((filter) => !refused.includes(filter)),
          );
          page.postMessage({ type: 'refused', filters: refused, refusal });
        }
      },
    },
    options,
  );

  const listen = (page: PagePort, filters: readonly string[]): void => {
    filtersOf.set(page, filters);
    feed.listenTo([...new Set([...filtersOf.values()].flat())].toSorted());
  };
  const leave = (page: PagePort): void => {
    if (!filtersOf.has(page)) return;
    listen(page, []);
    filtersOf.delete(page);
    page.close();
  };

  scope.onconnect = ({ ports: [page] }) => {
    if (page === undefined) return;
    filtersOf.set(page, []);
    page.postMessage({ type: 'status', status });
    page.addEventListener('message', ({ data }) => {
      if (data.type === 'listen') listen(page, data.filters);
      else if (data.type === 'goodbye') leave(page);
      // Held by the page until it is gone (H3).
      else void scope.navigator.locks.request(data.lock, () => leave(page));
    });
    page.start();
  };
}
