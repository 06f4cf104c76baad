// Events over a connection of their own to a real HTTP server that does what the test says.
import { afterEach } from '@jest/globals';
import {
  createEvents,
  type Events,
  type EventsOptions,
  type FeedEvent,
  type Gap,
  type HttpFeedOptions,
  type Status,
} from '../../src/index.ts';
import { startEventServer, type Answer, type EventServer } from './event-server.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

export type Scene = {
  readonly server: EventServer;
  readonly events: Events;
  readonly statuses: Status[];
  /** Subscribes, and keeps what it is told. */
  readonly listen: (filters: string | readonly string[]) => {
    readonly heard: FeedEvent[];
    readonly gaps: Gap[];
    readonly unsubscribe: () => void;
  };
};

/** Everything is stopped after the test. */
export async function play(
  answers: readonly Answer[],
  options: Partial<HttpFeedOptions> & EventsOptions = {},
): Promise<Scene> {
  const server = await startEventServer(...answers);
  stops.push(() => server.close());
  const events = createEvents({
    url: server.url,
    random: () => 0.5,
    now: () => new Date(0),
    reopenAfterMs: 10,
    reopenAfterMsMax: 40,
    ...options,
  });
  stops.push(() => events.close());
  const statuses: Status[] = [];
  events.watch((status) => statuses.push(status));
  const listen: Scene['listen'] = (filters) => {
    const heard: FeedEvent[] = [];
    const gaps: Gap[] = [];
    const unsubscribe = events.subscribe(filters, (data) => heard.push(data), { onGap: (gap) => gaps.push(gap) });
    return { heard, gaps, unsubscribe };
  };
  return { server, events, statuses, listen };
}

export const cursors = (heard: readonly FeedEvent[]): readonly string[] => heard.map(({ cursor }) => cursor);
export const states = (statuses: readonly Status[]): readonly string[] =>
  statuses.map(({ connection }) => connection.state);
