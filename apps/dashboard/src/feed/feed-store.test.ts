// The store fed by a feed that speaks when the test says so; time is Jest's.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { EventFeed, type EventStream } from '../live/event-feed.ts';
import { FeedStore } from './feed-store.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Imitates EventSource: never fails, says what `say` is given. The real one is in event-feed.test.ts. */
function createFeed(): { readonly feed: EventFeed; readonly say: (subject: string) => void } {
  let onMessage: (event: { readonly data?: unknown; readonly lastEventId?: string }) => void = () => {};
  const stream: EventStream = {
    readyState: 1,
    addEventListener: (type, listener) => {
      if (type === 'message') onMessage = listener;
    },
    close: () => {},
  };
  const feed = new EventFeed({ url: '/', open: () => stream, now: () => new Date(0), random: () => 0 });
  feed.start();
  const say = (subject: string): void =>
    onMessage({ data: JSON.stringify({ subject, id: subject, time: '', message: null }), lastEventId: subject });
  return { feed, say };
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
