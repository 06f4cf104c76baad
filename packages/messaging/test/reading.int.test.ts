// What reading streams by position promises: for browsers that resume, and for rebuilds.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FollowingState, StreamFollowing } from '@longwave/messaging';
import type { StoredMessage } from '@longwave/messaging/contract';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from './support/broker.ts';
import { reading } from './support/reading.ts';
import { until } from './support/until.ts';

describe('reading streams', () => {
  let broker: Broker;
  let backend: JetStreamBackend;
  let followings: StreamFollowing[] = [];
  beforeAll(async () => {
    broker = await startBroker();
    backend = broker.backend();
  });
  afterEach(async () => {
    await Promise.all(followings.splice(0).map((following) => following.stop()));
  });
  afterAll(async () => {
    await broker.close();
  });

  const publish = async (meter: string, from: number, count: number): Promise<void> => {
    for (let value = from; value < from + count; value += 1) await backend.publisher.publish(reading(meter, value));
  };
  const follow = (from: number): { seen: StoredMessage[]; states: FollowingState[] } => {
    const seen: StoredMessage[] = [];
    const states: FollowingState[] = [];
    followings.push(
      backend.reader.follow('events', from, { onMessage: (m) => seen.push(m), onState: (s) => states.push(s) }),
    );
    return { seen, states };
  };
  const isLive = (states: readonly FollowingState[]): boolean => states.at(-1)?.state === 'live';

  test('an empty stream has its first position above its last', async () => {
    await expect(backend.reader.bounds('events')).resolves.toMatchObject({ first: 1, last: 0 });
    await publish('p', 0, 3);
    await broker.manager.streams.purge('events');
    await expect(backend.reader.bounds('events')).resolves.toMatchObject({ first: 4, last: 3 });
  });

  test('a stream that is not there is said to be not there', async () => {
    await expect(backend.reader.bounds('nope')).rejects.toMatchObject({ code: 'no-such-stream' });
  });

  test('a replay is every message of the range in order, in batches, and what is purged is skipped', async () => {
    const { last } = await backend.reader.bounds('events');
    await publish('r', 0, 30);
    await broker.manager.streams.deleteMessage('events', last + 5);
    const batches: number[][] = [];
    const range = { from: last + 1, to: last + 20, batch: 7 };
    for await (const batch of backend.reader.replay('events', range, AbortSignal.timeout(5_000))) {
      batches.push(batch.map(({ sequence }) => sequence));
    }
    const expected = Array.from({ length: 20 }, (_, index) => last + 1 + index).filter(
      (sequence) => sequence !== last + 5,
    );
    expect(batches.flat()).toEqual(expected);
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(7);
  });

  test('a replay with one filter reads only what the filter lets through', async () => {
    const { last } = await backend.reader.bounds('events');
    await publish('x', 0, 3);
    await publish('y', 0, 3);
    const found: string[] = [];
    const range = { from: last + 1, to: last + 6, filters: ['test.meter.y.>'] };
    for await (const batch of backend.reader.replay('events', range, AbortSignal.timeout(5_000)))
      found.push(...batch.map(({ subject }) => subject));
    expect(found).toEqual(['test.meter.y.read', 'test.meter.y.read', 'test.meter.y.read']);
  });

  test('a replay of large messages comes in batches that fit into memory, and is whole', async () => {
    const { last } = await backend.reader.bounds('events');
    const large = Array.from({ length: 40 }, (_, value) => ({
      ...reading('large', value),
      payload: new Uint8Array(512 * 1024),
    }));
    for (const message of large) await backend.publisher.publish(message);
    const range = { from: last + 1, to: last + large.length };
    const batches: number[] = [];
    for await (const batch of backend.reader.replay('events', range, AbortSignal.timeout(20_000)))
      batches.push(batch.length);
    expect(batches.reduce((sum, length) => sum + length, 0)).toBe(large.length);
    expect(Math.max(...batches) * 512 * 1024).toBeLessThan(10 * 1024 * 1024);
    await broker.manager.streams.purge('events', { seq: last + large.length + 1 });
  });

  test('R2: a replay that is aborted ends without an error; one that is cut off ends with one', async () => {
    await publish('aborted', 0, 3);
    const { first, last } = await backend.reader.bounds('events');
    const aborted = backend.reader.replay('events', { from: first, to: last }, AbortSignal.abort());
    for await (const batch of aborted) expect(batch).toBe('never');
    broker.server().pause();
    const aborting = new AbortController();
    const abortedMidway = (async () => {
      const started = backend.reader.replay('events', { from: first, to: last }, aborting.signal);
      for await (const batch of started) expect(batch).toBe('never');
    })();
    const cutOff = (async () => {
      const started = backend.reader.replay('events', { from: first, to: last }, new AbortController().signal);
      for await (const batch of started) expect(batch).toBe('never');
    })();
    aborting.abort();
    await abortedMidway;
    await expect(cutOff).rejects.toMatchObject({ code: 'broker-unavailable' });
    broker.server().resume();
  });

  test('a listener that throws loses neither its place nor its connection', async () => {
    const { last } = await backend.reader.bounds('events');
    const seen: number[] = [];
    const states: string[] = [];
    followings.push(
      backend.reader.follow('events', last + 1, {
        onMessage: ({ sequence }) => {
          seen.push(sequence);
          throw new Error('a listener of the test');
        },
        onState: ({ state }) => {
          states.push(state);
          throw new Error('a listener of the test');
        },
      }),
    );
    await publish('throws', 0, 5);
    await until('all were given', () => seen.length === 5);
    expect(seen).toEqual([1, 2, 3, 4, 5].map((step) => last + step));
    expect(states).toEqual(['live']);
  });

  test('many replays leave no subscription behind', async () => {
    const { last } = await backend.reader.bounds('events');
    const before = await subscriptions(broker);
    for (let round = 0; round < 20; round += 1) {
      const replay = backend.reader.replay(
        'events',
        { from: Math.max(1, last - 5), to: last },
        AbortSignal.timeout(5_000),
      );
      for await (const batch of replay) expect(batch.length).toBeGreaterThan(0);
    }
    await until('they are gone', async () => (await subscriptions(broker)) <= before);
  });

  test('a message read back lies where, and was stored when, it was delivered as', async () => {
    const { last } = await backend.reader.bounds('events');
    const { seen } = follow(last + 1);
    await publish('same', 0, 1);
    await until('it is delivered', () => seen.length === 1);
    await expect(backend.reader.at('events', last + 1)).resolves.toEqual(seen[0]);
    await expect(backend.reader.at('events', last + 1_000)).resolves.toBeNull();
  });

  test('sequenceAt is the first message at or after a time, and one past the end for the future', async () => {
    const { last } = await backend.reader.bounds('events');
    const newest = await backend.reader.at('events', last);
    await expect(backend.reader.sequenceAt('events', newest?.storedAt ?? new Date(0))).resolves.toBeLessThanOrEqual(
      last,
    );
    await expect(backend.reader.sequenceAt('events', new Date(Date.now() + 60_000))).resolves.toBe(last + 1);
  });

  test('lastPerSubject is the newest message of each subject under the filter', async () => {
    await publish('l1', 0, 3);
    await publish('l2', 5, 2);
    const newestUnder = async (filter: string): Promise<readonly StoredMessage[]> => {
      const range = { filters: [filter], upTo: Number.MAX_SAFE_INTEGER, subjectsMax: 1_000 };
      const messages: StoredMessage[] = [];
      for await (const page of backend.reader.lastPerSubject('events', range)) messages.push(...page);
      return messages;
    };
    const found = await newestUnder('test.meter.*.read');
    const newest = new Map(
      found.map((message) => [message.subject, JSON.parse(Buffer.from(message.payload).toString()).data.value]),
    );
    expect(newest.get('test.meter.l1.read')).toBe(2);
    expect(newest.get('test.meter.l2.read')).toBe(6);
    await expect(newestUnder('test.nothing.>')).resolves.toEqual([]);
  });

  test('following goes on after the server was killed, without a gap or a repeat', async () => {
    const { last } = await backend.reader.bounds('events');
    const { seen, states } = follow(last + 1);
    await publish('f', 0, 5);
    await until('they are delivered', () => seen.length === 5);
    const restart = await broker.crash();
    await until('that is told', () => states.at(-1)?.state === 'interrupted');
    await restart();
    await until('it is live again', () => isLive(states));
    await publish('f', 5, 5);
    await until('they are delivered, too', () => seen.length === 10);
    expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, index) => last + 1 + index));
  });

  test('a recreated stream is followed from its start, and its new epoch is told', async () => {
    const { last, epoch } = await backend.reader.bounds('events');
    const { seen, states } = follow(last + 1);
    await until('it is live', () => isLive(states));
    await broker.manager.streams.delete('events');
    await broker.manager.streams.add({ name: 'events', subjects: ['test.>'], allow_direct: true });
    await publish('new', 0, 2);
    await until('the new messages are delivered', () => seen.length === 2);
    expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(seen[0]?.epoch).toBeGreaterThan(epoch);
    const live = states.filter((state) => state.state === 'live').at(-1);
    expect(live?.state === 'live' ? live.bounds.epoch : 0).toBeGreaterThan(epoch);
  });
});

async function subscriptions(broker: Broker): Promise<number> {
  const answer = await fetch(`${broker.server().monitorUrl}/varz`);
  const { subscriptions: count } = (await answer.json()) as { subscriptions: number };
  return count;
}
