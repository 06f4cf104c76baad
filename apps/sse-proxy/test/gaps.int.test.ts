// S3: whatever may be missing is said, where it is missing, and what can still be given is given.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningService } from '@longwave/runtime';
import { startBroker, STREAMS, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let proxy: RunningService;
const clients: EventClient[] = [];
const follow = async (subjects: readonly string[], id?: string): Promise<EventClient> => {
  const client = await EventClient.follow(proxy.address, subjects, id);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  broker = await startBroker();
  // Hardly anything fits into the ring, so that what is asked for is in the stream, or not there.
  proxy = await startProxy(broker.nats, { RING_BYTES_MAX: '1' });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await proxy.stop();
  await broker.stop();
});

describe('a client that comes back (S3)', () => {
  test('after a purge is told what is gone, and given what is left', async () => {
    const first = await follow(['resource.purged.>']);
    const from = await broker.publish('resource.purged.x', { n: 0 });
    await first.untilEvents(1);
    first.close();
    for (let n = 1; n < 10; n += 1) await broker.publish('resource.purged.x', { n });
    await broker.manager.streams.purge('resource', { seq: from + 6 });
    const second = await follow(['resource.purged.>'], first.lastEventId);
    await second.untilEvents(4);
    expect(second.notices('gap')).toEqual([{ stream: 'resource', from: from + 1, to: from + 5, reason: 'expired' }]);
    expect(second.messages).toEqual([6, 7, 8, 9].map((n) => ({ n })));
    // The gap comes first, under the id that the client had (F4), and the id that covers it after it.
    expect(second.blocks[0]).toMatchObject({ event: 'gap', id: first.lastEventId });
    expect(second.blocks[1]?.id).not.toBe(first.lastEventId);
    const third = await follow(['resource.purged.>'], second.lastEventId);
    expect(third.notices('gap')).toEqual([]);
  });

  test('after a purge of one of its streams is told of that one, and given all of the others', async () => {
    const subjects = ['resource.several.>', 'program.several.>', 'longwave.v1.events.several.>'];
    const first = await follow(subjects);
    const from = await broker.publish('program.several.x', { n: 0 });
    await broker.publish('resource.several.x', { n: 1 });
    await first.untilEvents(2);
    first.close();
    for (let n = 2; n < 8; n += 1) {
      await broker.publish('program.several.x', { n });
      await broker.publish('resource.several.x', { n });
      await broker.publish('longwave.v1.events.several.x', { n });
    }
    await broker.manager.streams.purge('program', { seq: from + 4 });
    const second = await follow(subjects, first.lastEventId);
    await second.untilEvents(3 + 6 + 6);
    expect(second.notices('gap')).toEqual([{ stream: 'program', from: from + 1, to: from + 3, reason: 'expired' }]);
    const numbersOf = (stream: string) =>
      second.events.filter(({ subject }) => subject.startsWith(stream)).map(({ message }) => message);
    expect(numbersOf('program')).toEqual([5, 6, 7].map((n) => ({ n })));
    expect(numbersOf('resource')).toEqual([2, 3, 4, 5, 6, 7].map((n) => ({ n })));
    expect(numbersOf('longwave')).toEqual([2, 3, 4, 5, 6, 7].map((n) => ({ n })));
  });

  test('to a stream that was made anew is told, and hears it from now on', async () => {
    await broker.createStream('queue', ['queue.>']);
    const address = await startProxy(broker.nats, { PUBLIC_SUBJECTS: 'queue.>' });
    const before = await EventClient.follow(address.address, ['queue.>']);
    await broker.publish('queue.a', { n: 0 });
    await before.untilEvents(1);
    before.close();
    await address.stop();
    await broker.manager.streams.delete('queue');
    await broker.createStream('queue', ['queue.>']);
    const to = await broker.publish('queue.a', { n: 1 });
    const again = await startProxy(broker.nats, { PUBLIC_SUBJECTS: 'queue.>' });
    const after = await EventClient.follow(again.address, ['queue.>'], before.lastEventId);
    expect(after.notices('gap')).toEqual([{ stream: 'queue', from: 0, to, reason: 'recreated' }]);
    await broker.publish('queue.a', { n: 2 });
    await after.untilEvents(1);
    expect(after.messages).toEqual([{ n: 2 }]);
    after.close();
    await again.stop();
  });

  test.each([
    ['made up', 'nonsense'],
    ['a number', '42'],
    ['of another version', '2~abc.1.1'],
    ['very long', 'x'.repeat(4_000)],
    ['negative', '1~abc.-1.1'],
    ['above what a number holds', '1~abc.zzzzzzzzzzz.1'],
    ['of other streams only', '1~abc.1.1'],
  ])('with an id that is %s is told, and hears what comes', async (_, id) => {
    const client = await follow(['resource.forged.>'], id);
    const to = expect.any(Number);
    expect(client.notices('gap')).toEqual([{ stream: 'resource', from: 0, to, reason: 'unreadable-cursor' }]);
    await broker.publish('resource.forged.x', { n: 1 });
    await client.untilEvents(1);
    expect(client.messages).toEqual([{ n: 1 }]);
  });

  test('with the right place and the wrong message, or a place that is not there yet, is told as well', async () => {
    await broker.publish('resource.forged.x');
    const { lastEventId } = await follow(['resource.forged.>']);
    const [tag = '', sequence = ''] = lastEventId.slice(2).split('.');
    const wrongMark = await follow(['resource.forged.>'], `1~${tag}.${sequence}.1`);
    expect(wrongMark.notices('gap')).toMatchObject([{ reason: 'recreated' }]);
    const future = await follow(['resource.forged.>'], `1~${tag}.zzzzzz.1`);
    expect(future.notices('gap')).toMatchObject([{ reason: 'ahead' }]);
  });
});

describe('a connected client (S3)', () => {
  test('is told when its stream is made anew, hears all of the new one, and goes on with the others', async () => {
    const client = await follow(['program.anew.>', 'resource.anew.>']);
    await broker.publish('program.anew.x', { n: 0 });
    await client.untilEvents(1);
    await broker.manager.streams.delete('program');
    await broker.publish('resource.anew.x', { n: 1 });
    await broker.createStream('program', STREAMS.program);
    await broker.publish('program.anew.x', { n: 2 });
    await client.untilEvents(3, 20_000);
    expect(client.notices('gap')).toEqual([{ stream: 'program', from: 0, to: 0, reason: 'recreated' }]);
    expect(client.messages).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    const again = await follow(['program.anew.>', 'resource.anew.>'], client.lastEventId);
    expect(again.notices('gap')).toEqual([]);
  });
});
