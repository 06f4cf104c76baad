import { afterEach, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { QueryClient, QueryObserver } from '@tanstack/query-core';
import { event, startEventServer, stream, type Answer } from '../test/support/event-server.ts';
import { createEvents } from './index.ts';
import { invalidateByEvents, type InvalidationRule } from './tanstack-query.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

const shows: InvalidationRule = {
  filters: 'resource.steering.show.>',
  keysOf: ({ subject }) => [['shows', subject.split('.')[3]]],
  allKeys: [['shows']],
};

/** Two shows that a page looks at, the second of them never named by a message, and how often each was read. */
async function look(...answers: readonly Answer[]) {
  const server = await startEventServer(...answers);
  const events = createEvents({ url: server.url, reopenAfterMs: 10 });
  const queryClient = new QueryClient();
  stops.push(
    () => server.close(),
    () => queryClient.clear(),
    () => events.close(),
  );
  const reads = { one: 0, two: 0 };
  const observe = (key: string, which: keyof typeof reads): void => {
    const queryFn = (): number => (reads[which] += 1);
    stops.push(
      new QueryObserver(queryClient, { queryKey: ['shows', key], queryFn, staleTime: Infinity }).subscribe(
        () => undefined,
      ),
    );
  };
  observe('1', 'one');
  observe('2', 'two');
  await until('both shows', () => reads.one === 1 && reads.two === 1);
  stops.push(invalidateByEvents(events, queryClient, [shows], { collectMs: 30 }));
  return { server, reads };
}

test('Q1 what messages name is read again, once for those that come together', async () => {
  const told = event('1', 'resource.steering.show.1.updated');
  const { server, reads } = await look(stream(told + event('2', 'resource.steering.show.1.updated')));
  await until('the show to be read again', () => reads.one === 2);
  server.exchanges[0]?.response.write(event('3', 'resource.steering.show.1.updated'));
  await until('the show to be read once more', () => reads.one === 3);
  expect(reads).toEqual({ one: 3, two: 1 });
});

test('Q2 after a gap everything that messages could have named is read again', async () => {
  const { reads } = await look(stream('event: gap\ndata: {"reason":"expired"}\n\n'));
  await until('both shows again', () => reads.one === 2 && reads.two === 2);
});
