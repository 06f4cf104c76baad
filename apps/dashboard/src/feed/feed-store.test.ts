// The store fed by a feed that speaks when the test says so; time is Jest's.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Events, FeedEvent } from '@longwave/client';
import { FeedStore } from './feed-store.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Feed = Pick<Events, 'subscribe'>;

/** Imitates a feed that never fails and says what `say` is given. The real one is in the client's own tests. */
function createFeed(): { readonly feed: Feed; readonly say: (subject: string) => void } {
  let tell: (event: FeedEvent) => void = () => {};
  const subscribe = (_filters: unknown, handler: (event: FeedEvent, again: FeedEvent) => void): (() => void) => {
    tell = (event) => handler(event, event);
    return () => void (tell = () => {});
  };
  const payload = { kind: 'json', value: null } as const;
  return {
    // The overload for contracts is not used by the store.
    feed: { subscribe: subscribe as Feed['subscribe'] },
    say: (subject) => tell({ subject, id: subject, cursor: subject, time: '', payload }),
  };
}

test('a burst is told to the page as one change', async () => {
  const { feed, say } = createFeed();
  const store = new FeedStore();
  store.follow(feed, () => new Date(0));
  let changes = 0;
  store.watch(() => (changes += 1));
  for (let index = 0; index < 100; index += 1) say(`a.${index}`);
  expect(changes).toBe(0);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(changes).toBe(1);
  expect(store.buffer().shown).toHaveLength(100);
});

test('however much arrives before the page is told, the newest are kept and all are counted', async () => {
  const { feed, say } = createFeed();
  const store = new FeedStore();
  store.follow(feed, () => new Date(0));
  store.pause();
  for (let index = 1; index <= 5_000; index += 1) say(String(index));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.buffer().waiting).toBe(5_000);
  store.resume();
  expect(store.buffer().shown).toHaveLength(500);
  expect(store.buffer().shown[0]).toMatchObject({ message: { subject: '5000' } });
});

test('pausing keeps what arrived before the pause and counts what comes after', async () => {
  const { feed, say } = createFeed();
  const store = new FeedStore();
  store.follow(feed, () => new Date(0));
  say('before');
  store.pause();
  say('after');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(store.buffer().shown).toHaveLength(1);
  expect(store.buffer().waiting).toBe(1);
  store.resume();
  expect(store.buffer().shown).toHaveLength(2);
});

test('after the store stopped following nothing is heard and no timer is left', () => {
  const { feed, say } = createFeed();
  const store = new FeedStore();
  const stop = store.follow(feed, () => new Date(0));
  say('a');
  stop();
  say('b');
  expect(jest.getTimerCount()).toBe(0);
});
