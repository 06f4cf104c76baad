// Applying to a real server: what it stores, what it refuses, and what it keeps.
import { describe, expect, test } from '@jest/globals';
import { consumingStream } from '@longwave/messaging/jetstream';
import { jetstream } from '@nats-io/jetstream';
import { applyTopology, longwaveTopology, planTopology, type Stream, type Topology } from '../src/index.ts';
import { emptyServer } from './support/empty-server.ts';

const DAY = 86_400_000_000_000;

const server = emptyServer();

const target = () => ({ host: server().nats.host, port: server().nats.port });

function edited(name: string, edit: Partial<Stream>): Topology {
  const streams = longwaveTopology().streams.map((stream) => (stream.name === name ? { ...stream, ...edit } : stream));
  return { streams };
}

async function publish(subject: string, count: number): Promise<void> {
  const client = jetstream(server().connection);
  for (let index = 0; index < count; index += 1) await client.publish(subject, `${index}`);
}

const storedIn = async (stream: string): Promise<number> =>
  (await server().manager.streams.info(stream)).state.messages;

test('a bare server gets every stream and consumer, and a second time there is nothing to do (S1, S5)', async () => {
  const planned = await planTopology(target());
  expect(await applyTopology(target())).toEqual(planned);
  expect(await planTopology(target())).toEqual([]);
  expect(await applyTopology(target())).toEqual([]);
  const { streams } = longwaveTopology();
  const names: string[] = [];
  for await (const { config } of server().manager.streams.list()) names.push(config.name);
  expect(names.toSorted()).toEqual(streams.map(({ name }) => name).toSorted());
});

test('the stream that the messaging package makes when it is missing is the one described here', async () => {
  const { subjects, ...settings } = consumingStream;
  await server().manager.streams.add({ ...settings, subjects: [...subjects] });
  const planned = await planTopology(target());
  expect(planned.map(({ stream }) => stream)).toContain('events');
  expect(planned.map(({ stream }) => stream)).not.toContain(consumingStream.name);
});

test('two that apply at once both succeed, and the server is as it should be (S5)', async () => {
  await Promise.all([applyTopology(target()), applyTopology(target()), applyTopology(target())]);
  expect(await planTopology(target())).toEqual([]);
});

test('messages and positions survive a change that is allowed', async () => {
  await applyTopology({ ...target(), topology: edited('events', { max_age: 7 * DAY }) });
  await publish('longwave.v1.events.steering.package.lifecycle.created.a.b.c', 20);
  const consumer = await jetstream(server().connection).consumers.get('events', 'audit-log');
  const first = await consumer.next();
  expect(await first?.ackAck()).toBe(true);
  const lines: string[] = [];
  await applyTopology({ ...target(), log: (line) => lines.push(line) });
  expect(lines).toEqual(['update stream events: max_age 7d → 30d']);
  expect(await storedIn('events')).toBe(20);
  expect((await consumer.info()).ack_floor.stream_seq).toBe(1);
});

test('what somebody switched on by hand is switched off again', async () => {
  await applyTopology(target());
  const republish = { src: 'program.>', dest: 'copy.>' };
  await server().manager.streams.update('program', { description: 'mine', republish });
  await server().manager.consumers.update('program', 'audit-log', { headers_only: true, max_deliver: 3 });
  const changes = await applyTopology(target());
  expect(changes.map(({ stream, consumer }) => `${stream} ${consumer ?? ''}`)).toEqual([
    'program ',
    'program audit-log',
  ]);
  expect((await server().manager.streams.info('program')).config).not.toHaveProperty('republish');
});

describe('what would lose something (S2)', () => {
  test.each<[what: string, edit: Partial<Stream>, named: RegExp]>([
    ['a shorter age', { max_age: DAY }, /events: messages beyond the new limit/],
    ['a smaller size', { max_bytes: 1_000_000 }, /events: messages beyond the new limit/],
    ['a subject less', { subjects: ['longwave.v1.events.steering.>'] }, /published to longwave\.v1\.events\.>/],
    ['a stream in memory', { storage: 'memory' }, /recreate stream events: its 3 messages/],
    ['another retention', { retention: 'workqueue', consumers: [] }, /recreate stream events: its 3 messages/],
  ])('%s is refused and named, and nothing at all is changed', async (_what, edit, named) => {
    await applyTopology(target());
    await publish('longwave.v1.events.a', 3);
    const harmless = edited('program', { max_age: 8 * DAY }).streams;
    const topology = {
      streams: harmless.map((stream) => (stream.name === 'events' ? { ...stream, ...edit } : stream)),
    };
    const refused = applyTopology({ ...target(), topology });
    await expect(refused).rejects.toMatchObject({ code: 'would-lose-messages', message: expect.stringMatching(named) });
    expect(await planTopology(target())).toEqual([]);
    expect(await storedIn('events')).toBe(3);
  });

  test('it is done when that is said, and then all is as planned', async () => {
    await applyTopology(target());
    await publish('longwave.v1.events.a', 3);
    const topology = edited('events', { storage: 'memory', max_age: DAY });
    const changes = await applyTopology({ ...target(), topology, allowLoss: true });
    expect(changes.map(({ action, consumer }) => `${action} ${consumer ?? ''}`)).toEqual([
      'recreate ',
      'create audit-log',
      'create resolver',
    ]);
    expect(await planTopology({ ...target(), topology })).toEqual([]);
    expect(await storedIn('events')).toBe(0);
  });

  test('a consumer whose kind changes starts again only when that is said', async () => {
    await applyTopology(target());
    const consumers = longwaveTopology().streams.flatMap((stream) =>
      stream.name === 'events' ? stream.consumers : [],
    );
    const waiting = consumers.map((consumer) => ({ ...consumer, max_waiting: 16 }));
    const topology = edited('events', { consumers: waiting });
    await expect(applyTopology({ ...target(), topology })).rejects.toThrow(/its position/);
    const changes = await applyTopology({ ...target(), topology, allowLoss: true });
    expect(changes.map(({ action }) => action)).toEqual(['recreate', 'recreate']);
  });
});

test('streams and consumers of others are left alone (S3)', async () => {
  await applyTopology(target());
  await server().manager.streams.add({ name: 'theirs', subjects: ['theirs.>'] });
  await server().manager.consumers.add('events', { durable_name: 'theirs' });
  await publish('theirs.x', 2);
  await applyTopology({ ...target(), topology: edited('events', { storage: 'memory' }), allowLoss: true });
  expect(await storedIn('theirs')).toBe(2);
});

test('more replicas than a lone server can keep are refused before it accepts them (S6)', async () => {
  await applyTopology(target());
  const refused = applyTopology({ ...target(), replicas: 3 });
  await expect(refused).rejects.toMatchObject({ code: 'not-a-cluster' });
  expect((await server().manager.streams.info('events')).config.num_replicas).toBe(1);
});

test('what the server refuses is told in its own words', async () => {
  await server().manager.streams.add({ name: 'theirs', subjects: ['program.>'] });
  await expect(applyTopology(target())).rejects.toMatchObject({
    code: 'refused-by-server',
    message: expect.stringMatching(/create stream program: .*subjects overlap/),
  });
});

test('messages are refused, not dropped, when a stream is full', async () => {
  await applyTopology({ ...target(), topology: longwaveTopology({ bytesMax: { notification: 2_000 } }) });
  await expect(publish('notification.broadcast.x', 100)).rejects.toThrow(/maximum bytes exceeded/);
  expect((await server().manager.streams.info('notification')).state.first_seq).toBe(1);
});

test('nobody can quietly edit what browsers and the audit log read', async () => {
  await applyTopology(target());
  await publish('resource.steering.show.1.created', 3);
  await expect(server().manager.streams.purge('resource')).rejects.toThrow(/not permitted/);
  await expect(server().manager.streams.deleteMessage('resource', 2)).rejects.toThrow(/not permitted/);
  expect(await storedIn('resource')).toBe(3);
});

test('work is done once and gone, whatever is denied to others', async () => {
  await applyTopology(target());
  await server().manager.consumers.add('queue', { durable_name: 'worker', ack_policy: 'explicit' });
  await publish('queue.exports', 1);
  const message = await (await jetstream(server().connection).consumers.get('queue', 'worker')).next();
  expect(await message?.ackAck()).toBe(true);
  expect(await storedIn('queue')).toBe(0);
});
