// Everything that is public, as the parts of the page that are not about one thing listen to it.
import type { Events, FeedEvent, Subscriber } from '@longwave/client';

const PUBLIC = ['resource.>', 'program.>', 'longwave.v1.events.>'] as const;

/** The function returned ends it. */
export function listenToAll(
  events: Pick<Events, 'subscribe'>,
  handle: (event: FeedEvent) => void,
  subscriber: Subscriber = {},
): () => void {
  return events.subscribe(PUBLIC, handle, subscriber);
}
