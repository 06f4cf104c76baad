// S1: what is published is heard, by everyone whom it concerns, in one order.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunningService } from '@longwave/runtime';
import { startBroker, type Broker } from './support/broker.ts';
import { EventClient } from './support/event-client.ts';
import { startProxy } from './support/proxy.ts';

let broker: Broker;
let proxy: RunningService;
const clients: EventClient[] = [];
const follow = async (subjects: readonly string[], lastEventId?: string): Promise<EventClient> => {
  const client = await EventClient.follow(proxy.address, subjects, lastEventId);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  broker = await startBroker();
  proxy = await startProxy(broker.nats);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await proxy.stop();
  await broker.stop();
});

describe('a client (S1)', () => {
  test('hears what is published after its first block, and nothing from before', async () => {
    await broker.publish('resource.live.before.1', 'too early');
    const client = await follow(['resource.live.>']);
    await broker.publish('resource.live.show.1', { n: 1 });
    await client.untilEvents(1);
    const [event] = client.events;
    expect(event).toMatchObject({ subject: 'resource.live.show.1', message: { n: 1 } });
    expect(Object.keys(event ?? {})).toEqual(['subject', 'id', 'time', 'message']);
    expect(client.events).toHaveLength(1);
  });

  test('hears several filters on one stream in the order of the stream, and overlapping ones once', async () => {
    const client = await follow(['resource.many.*.b', 'resource.many.a.>', 'resource.many.a.b']);
    const subjects = ['a.b', 'a.c', 'x.b', 'x.c', 'a.b'];
    for (let round = 0; round < 20; round += 1) {
      for (const [index, subject] of subjects.entries()) {
        await broker.publish(`resource.many.${subject}`, { n: round * subjects.length + index });
      }
    }
    const expected = Array.from({ length: 100 }, (_, n) => n).filter((n) => n % 5 !== 3);
    await client.untilEvents(expected.length);
    expect(client.messages).toEqual(expected.map((n) => ({ n })));
  });

  test('hears several streams on one connection, each in its order', async () => {
    const client = await follow(['resource.two.>', 'program.two.>', 'longwave.v1.events.two.>']);
    for (let n = 0; n < 30; n += 1) {
      await broker.publish(`resource.two.${n}`, { n });
      await broker.publish(`program.two.${n}`, { n });
      await broker.publish(`longwave.v1.events.two.${n}`, { n });
    }
    await client.untilEvents(90);
    for (const stream of ['resource', 'program', 'longwave']) {
      const heard = client.events.filter(({ subject }) => subject.startsWith(stream)).map(({ message }) => message);
      expect(heard).toEqual(Array.from({ length: 30 }, (_, n) => ({ n })));
    }
  });

  test('is given any payload: JSON as it was written, everything else as base64', async () => {
    const client = await follow(['resource.payload.>']);
    const binary = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const payloads = ['{"big": 12345678901234567890,\r\n"next": 1}', 'no JSON\n\ndata: forged\n\n', binary, ''];
    for (const payload of payloads) await broker.publish('resource.payload.x', payload);
    await client.untilEvents(payloads.length);
    const [json, text, bytes, empty] = client.blocks.flatMap(({ data }) => data ?? []);
    expect(json).toContain('"message":{"big": 12345678901234567890,  "next": 1}}');
    expect(text).toContain(`"messageBase64":"${Buffer.from('no JSON\n\ndata: forged\n\n').toString('base64')}"`);
    expect(bytes).toContain(`"messageBase64":"${Buffer.from(binary).toString('base64')}"`);
    expect(empty).toContain('"messageBase64":""');
  });

  test('that is one of two hundred costs the broker nothing: one consumer for each stream (S9)', async () => {
    const filters = ['resource.crowd.>', 'resource.*.crowd', 'program.>', 'resource.crowd.1'];
    const crowd = await Promise.all(
      Array.from({ length: 200 }, (_, index) => follow([filters[index % filters.length] ?? 'resource.>'])),
    );
    await broker.publish('resource.crowd.1', { n: 1 });
    await broker.publish('program.crowd', { n: 2 });
    const untouched = 50; // those who follow resource.*.crowd
    const heard = (): number => crowd.reduce((sum, client) => sum + client.events.length, 0);
    await crowd[0]?.until('everyone has heard theirs', () => heard() === 200 - untouched);
    const consumers = await Promise.all(
      ['resource', 'program'].map(async (stream) => (await broker.manager.consumers.list(stream).next()).length),
    );
    expect(consumers).toEqual([1, 1]);
    for (const client of crowd) client.close();
  });
});
