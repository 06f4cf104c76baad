// What becomes of bad input at each port: a typed error with a stable code, or a dead letter with its cause. Never a
// crash, never silence, and whatever comes next works.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quietLog, temporaryFolder } from '@longwave/embedded/testing';
import { startConsumption, systemTime, type Backend, type LiveMessages } from '@longwave/messaging';
import { openBuffer, type MessageBuffer } from '@longwave/messaging/buffer';
import { encodeMessage, type OutgoingMessage, type Source } from '@longwave/messaging/contract';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { createMemoryBackend, type MemoryBackend } from '@longwave/messaging/memory';
import { writeToOutbox } from '@longwave/messaging/outbox';
import { startPeer, type Peer } from '@longwave/messaging/request';
import { v7 } from 'uuid';
import { startBroker, type Broker } from './support/broker.ts';
import { AddOne, READY, SumChanged } from './support/peers.ts';
import { Reading, reading, testSource } from './support/reading.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

const REFUSED_IDS = [
  ['NUL', 'a\0b', 'illegal-key'],
  ['CRLF', 'a\r\nPUB test.meter.b.read 0\r\n', 'illegal-key'],
  ['300 bytes', 'x'.repeat(300), 'subject-too-long'],
  ['300 bytes that need encoding', '*'.repeat(300), 'subject-too-long'],
  ['nothing', '', 'empty-token'],
  ['half a surrogate pair', '\uD800', 'ill-formed-text'],
] as const;
const BAD_NAMES = ['a\r\nPUB x 0', 'a\0', 'a.b', '*', '>', 'a b', '', 'é', 'a'.repeat(65)];
const HUGE = 'x'.repeat(600_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let broker: Broker;
let jetStream: JetStreamBackend;
let memory: MemoryBackend;
type LiveBackend = Backend & { readonly live: LiveMessages };
const backends = { JetStream: (): LiveBackend => jetStream, memory: (): LiveBackend => memory };

beforeAll(async () => {
  folder = await temporaryFolder();
  broker = await startBroker();
  jetStream = broker.backend();
  await broker.addConsumer('group');
  const inMemory = createMemoryBackend({ time: systemTime });
  inMemory.addStream('events', ['test.>']);
  inMemory.addStream('dead-letter', ['dead-letter.>']);
  inMemory.addConsumer('events', 'group');
  memory = inMemory;
});

afterAll(async () => {
  await memory.close();
  await broker.close();
  await folder.remove();
});

const encode = (meter: string, id: string = v7()): OutgoingMessage =>
  encodeMessage(Reading.of({ meter, value: 1 }), {
    id,
    createdAt: new Date(),
    source: testSource,
    cause: { correlationId: 'bad-input' },
  });

describe('a draft', () => {
  test.each(REFUSED_IDS)('with an id of %s is refused where it is made', (_what, meter, code) => {
    expect(() => Reading.of({ meter, value: 1 })).toThrow(expect.objectContaining({ name: 'SubjectError', code }));
  });

  test.each([
    ['CRLF', 'a\r\nb'],
    ['NUL', 'a\0'],
    ['nothing', ''],
    ['300 characters', 'x'.repeat(300)],
    ['a percent sign', 'a%0D'],
  ])('is not sent under a message id of %s', (_what, id) => {
    expect(() => encode('m1', id)).toThrow(expect.objectContaining({ name: 'SubjectError', code: 'illegal-id' }));
  });
});

describe.each(Object.entries(backends))('publishing to %s', (_name, backend) => {
  test.each(['*', '>', 'a.b', 'a b', '%2A', '\u{1F4FB}'])(
    'an id of %j is stored, and read back as it was',
    async (meter) => {
      const { stream, sequence } = await backend().publisher.publish(encode(meter));
      const found = await backend().reader.at(stream, sequence);
      expect(Reading.subject.match(found?.subject ?? '')).toEqual({ meter });
    },
  );

  test.each([
    ['a subject with wildcards', { subject: 'test.>' }],
    ['a subject with CRLF', { subject: 'test.a\r\nPUB test.b 0\r\n' }],
    ['a header with CRLF', { headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['more than the broker takes', { payload: new Uint8Array(2 * 1024 * 1024) }],
  ])('%s is refused, and the next message is stored', async (_what, change) => {
    await expect(backend().publisher.publish({ ...reading('a', 1), ...change })).rejects.toMatchObject({
      name: 'PublishError',
      code: 'refused',
    });
    await expect(backend().publisher.publish(reading('a', 2))).resolves.toMatchObject({ duplicate: false });
  });
});

describe.each(Object.entries(backends))('the buffer before %s', (name, backend) => {
  let buffer: MessageBuffer;
  const lost: string[] = [];
  beforeAll(async () => {
    buffer = await openBuffer({
      directory: join(folder.path, name),
      publisher: backend().publisher,
      bytesMax: 64 * 1024 * 1024,
      whenFull: 'refuse',
      onLoss: ({ reason }) => lost.push(reason),
      log: quietLog,
    });
  });
  afterAll(() => buffer.close());

  test.each([
    ['a subject with wildcards', { subject: 'test.*' }],
    ['a subject with CRLF', { subject: 'test.a\r\n' }],
    ['a header with CRLF', { headers: { 'x-a': 'b\r\n' } }],
  ])('does not take %s', async (_what, change) => {
    const taken = buffer.publish({ ...reading('a', 1), ...change });
    await expect(taken).rejects.toMatchObject({ name: 'PublishError', code: 'refused' });
    expect(buffer.state().messages).toBe(0);
  });

  test('tells of what turns out to be more than the broker takes, and goes on', async () => {
    await buffer.publish({ ...reading('a', 1), payload: new Uint8Array(2 * 1024 * 1024) });
    await buffer.publish(reading('a', 2));
    expect(await buffer.flush({ withinMs: 10_000 })).toBe(true);
    expect(lost).toEqual(['refused']);
  });
});

describe('the outbox', () => {
  type Drafts = Parameters<typeof writeToOutbox>[3];
  const write = async (drafts: Drafts, cause = {}, newId = (): string => v7(), source: Source = testSource) => {
    const executed: unknown[][] = [];
    const execute = async (_sql: string, ...parameters: unknown[]): Promise<void> => void executed.push(parameters);
    const context = { source, now: () => new Date(), newId };
    await writeToOutbox(execute, context, { correlationId: 'c', ...cause }, drafts);
    return executed;
  };
  const draft = Reading.of({ meter: 'a', value: 1 });

  test('takes nothing of a transaction in which one message is over the limit', async () => {
    const failing = write([draft, { ...draft, wireData: HUGE }]);
    await expect(failing).rejects.toMatchObject({ name: 'PayloadTooLargeError', code: 'payload-too-large' });
  });

  test('takes no message under an id that no header can have', async () => {
    await expect(write([draft], {}, () => 'a\r\n')).rejects.toMatchObject({ code: 'illegal-id' });
  });

  test('O2: takes no message from a source that no header can name: its row could never be published', async () => {
    const source = { ...testSource, instance: 'a\r\nb' };
    await expect(write([draft], {}, () => v7(), source)).rejects.toMatchObject({ code: 'refused' });
  });

  test('O2: takes no message whose cause is larger than a broker takes', async () => {
    const cause = { actor: `user:${'x'.repeat(1_048_576)}` };
    await expect(write([draft], cause)).rejects.toMatchObject({ name: 'PublishError', code: 'refused' });
  });

  test('leaves out trace context that is none: a row with it could never be published', async () => {
    const [parameters] = await write([draft], { traceparent: 'x\r\ny', tracestate: 'a\0', actor: 'user:\r\n\0' });
    const [row] = JSON.parse(String(parameters?.[0]));
    expect(row.headers).toMatchObject({ 'ce-actor': 'user:%0D%0A%00' });
    expect(Object.keys(row.headers).filter((name) => name.startsWith('trace'))).toEqual([]);
  });
});

describe.each(Object.entries(backends))('requests, notices and broadcasts on %s', (_name, backend) => {
  let peer: Peer;
  beforeAll(async () => {
    peer = startPeer(backend(), { source: testSource, time: systemTime, newId: () => v7(), log: quietLog });
    await peer.ready(READY);
  });
  afterAll(() => peer.stop({ withinMs: 1_000 }));
  const to = { instance: 'nobody' };
  const illegalName = { name: 'SubjectError', code: 'illegal-name' };

  test.each(BAD_NAMES)('an instance, a replica or a queue group named %j is refused', async (name) => {
    await expect(peer.call(AddOne, { value: 1 }, { to: { instance: name } })).rejects.toMatchObject(illegalName);
    await expect(peer.call(AddOne, { value: 1 }, { to: { replica: name } })).rejects.toMatchObject(illegalName);
    await expect(peer.notify(SumChanged, { sum: 1 }, { to: { instance: name } })).rejects.toMatchObject(illegalName);
    expect(() => peer.serve(AddOne, { instance: name }, ({ data }) => ({ ...data, by: 'nobody' }))).toThrow(
      expect.objectContaining(illegalName),
    );
    expect(() => peer.listen(Reading, { group: name }, () => undefined)).toThrow(expect.objectContaining(illegalName));
    expect(() => startPeer(backend(), { ...peerOptions, source: { ...testSource, replica: name } })).toThrow(
      expect.objectContaining(illegalName),
    );
  });

  test('a filter that is none is refused', () => {
    for (const filter of ['', 'a..b', '>.a', 'a b', 'a\r\nSUB > 1'])
      expect(() => peer.listen({ filter, types: [Reading] }, { group: 'fan-out' }, () => undefined)).toThrow(
        expect.objectContaining({ name: 'SubjectError', code: 'illegal-filter' }),
      );
  });

  test('types that could take the same event are refused', () => {
    const other = { ...Reading, name: 'Other' };
    const what = { filter: 'test.>', types: [Reading, other] };
    expect(() => peer.listen(what, { group: 'fan-out' }, () => undefined)).toThrow('could take the same message');
  });

  test('data that the contract refuses is not sent', async () => {
    const wrong = { value: 'one' } as unknown as { value: number }; // as a caller in JavaScript could
    await expect(peer.call(AddOne, wrong, { to })).rejects.toMatchObject({ name: 'ZodError' });
  });

  test('a broadcast over the limit is refused', async () => {
    const draft = { ...Reading.of({ meter: 'a', value: 1 }), wireData: HUGE };
    await expect(peer.broadcast(draft)).rejects.toMatchObject({ code: 'payload-too-large' });
  });

  test('a call whose time is over already ends at once, and was not sent', async () => {
    const late = { to, timeoutMs: -1 };
    await expect(peer.call(AddOne, { value: 1 }, late)).rejects.toMatchObject({
      code: 'timeout',
      outcome: 'not-handled',
    });
    await expect(peer.call(AddOne, { value: 1 }, { to, timeoutMs: Number.NaN })).rejects.toThrow(RangeError);
    expect(peer.counts().inFlight).toBe(0);
  });

  test.each([0, -1, Number.NaN])('%d calls in flight at most is refused', (inFlightMax) => {
    expect(() => startPeer(backend(), { ...peerOptions, inFlightMax })).toThrow(RangeError);
  });

  test('a place for replies that is none is refused', async () => {
    const replyTo = { subject: 'events.forged', requestId: 'r', correlationId: 'c' };
    await expect(peer.answer(replyTo, AddOne, { value: 1, by: 'x' })).rejects.toMatchObject({
      code: 'illegal-reply-subject',
    });
  });

  test('after all of that, nobody there is still told as nobody there', async () => {
    await expect(peer.call(AddOne, { value: 1 }, { to })).rejects.toMatchObject({ code: 'no-responders' });
  });

  const peerOptions = { source: testSource, time: systemTime, newId: (): string => v7(), log: quietLog };
});

describe.each(Object.entries(backends))('consuming from %s', (_name, backend) => {
  const wire = (over: object): Uint8Array =>
    Buffer.from(
      JSON.stringify({ version: 1, createdAt: '2026-01-01T00:00:00Z', data: { meter: 'a', value: 1 }, ...over }),
    );
  const unreadable = [
    ['not-json', 'test.meter.a.read', Buffer.from([0xff, 0x00, 0x0d, 0x0a])],
    ['not-json', 'test.meter.b.read', Buffer.from('')],
    ['invalid-payload', 'test.meter.c.read', Buffer.from('[]')],
    ['invalid-payload', 'test.meter.d.read', wire({ version: -1 })],
    ['invalid-data', 'test.meter.e.read', wire({ data: { meter: 5 } })],
    ['unknown-type', 'test.meter.f.written', wire({})],
    ['unknown-type', 'test.meter.%41.read', wire({})],
  ] as const;

  test('each becomes a dead letter with its cause and its bytes, a newer version waits, and the others flow', async () => {
    const { publisher, reader } = backend();
    const handled: string[] = [];
    const consumption = stopping(
      startConsumption(backend(), {
        stream: 'events',
        consumer: 'group',
        types: [Reading],
        handler: async ({ stored }) => void handled.push(stored.subject),
        source: testSource,
        log: quietLog,
        time: systemTime,
        random: Math.random,
      }),
    );
    const send = (subject: string, payload: Uint8Array) =>
      publisher.publish({ id: v7(), subject, key: subject, headers: {}, payload });
    for (const [, subject, payload] of unreadable) await send(subject, payload);
    await send('test.meter.newer.read', wire({ version: 2 }));
    await send('test.meter.good.read', wire({}));
    await until('what can be read is handled', () => handled.includes('test.meter.good.read'));
    const letters = async () => {
      const { first, last } = await reader.bounds('dead-letter');
      const found = [];
      for await (const batch of reader.replay('dead-letter', { from: first, to: last }, AbortSignal.timeout(5_000)))
        found.push(...batch);
      return found;
    };
    await until('what cannot is a dead letter', async () => (await letters()).length >= unreadable.length);
    for (const [cause, subject, payload] of unreadable) {
      const letter = (await letters()).find(({ headers }) => headers['lw-original-subject'] === subject);
      expect([subject, letter?.headers['lw-cause']]).toEqual([subject, cause]);
      expect(Buffer.from(letter?.payload ?? []).equals(payload)).toBe(true);
    }
    expect(await letters()).toHaveLength(unreadable.length);
    expect(consumption.state()).toMatchObject({ state: 'degraded', reason: expect.stringContaining('1 keys wait') });
    await consumption.stop({ withinMs: 1_000 });
  });

  test('G8: a source that no dead letter could name is refused before anything starts', () => {
    const source = { ...testSource, replica: 'a\r\nb' };
    const options = { stream: 'events', consumer: 'group', types: [Reading], source, log: quietLog, time: systemTime };
    const handler = async (): Promise<void> => undefined;
    expect(() => startConsumption(backend(), { ...options, handler, random: Math.random })).toThrow(
      expect.objectContaining({ name: 'SubjectError', code: 'illegal-name' }),
    );
  });

  test.each(BAD_NAMES)('a consumer named %j is refused', (consumer) => {
    const options = { stream: 'events', types: [Reading], source: testSource, log: quietLog, time: systemTime };
    const handler = async (): Promise<void> => undefined;
    expect(() => startConsumption(backend(), { ...options, consumer, handler, random: Math.random })).toThrow(
      expect.objectContaining({ name: 'SubjectError', code: 'illegal-name' }),
    );
  });
});
