// What `publish` promises (P1–P4), against a real server that is killed on the way.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PublishError } from '@longwave/messaging';
import { seededRandom } from '@longwave/messaging/memory';
import { startBroker, type Broker } from './support/broker.ts';
import { reading } from './support/reading.ts';

describe('publishing', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(async () => {
    await broker.close();
  });

  test('P1: an acknowledged publish is stored, with the bytes and headers a plain client sees', async () => {
    const message = reading('a', 1);
    const stored = await broker.backend().publisher.publish(message);
    const found = await broker.manager.direct.getMessage('events', { seq: stored.sequence });
    expect(found?.subject).toBe('test.meter.a.read');
    expect(found?.json()).toEqual({
      version: 1,
      createdAt: message.headers['ce-time'],
      data: { meter: 'a', value: 1 },
    });
    expect(found?.header.get('ce-id')).toBe(message.id);
    expect(found?.header.get('Nats-Msg-Id')).toBe(message.id);
  });

  test('P1: what is published within one turn is stored as it was, in order, whatever its sizes', async () => {
    const seed = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
    const random = seededRandom(seed);
    // Frames that fill the buffer of the writer to the byte, that are larger than it, and empty ones among them.
    const sizes = Array.from({ length: 100 }, () => Math.trunc(random() ** 4 * 150_000));
    const messages = sizes.map((size, index) => ({
      ...reading('sizes', index),
      headers: { 'x-index': `${index} \u{1F44B}é` },
      payload: Buffer.alloc(size, `${index} of a hundred`),
    }));
    const { publisher } = broker.backend();
    await publisher.publish(reading('warm', 4));
    const stored = await Promise.all(messages.map((message) => publisher.publish(message)));
    const sequences = stored.map(({ sequence }) => sequence);
    expect({ seed, sequences }).toEqual({ seed, sequences: sequences.toSorted((a, b) => a - b) });
    for (const [index, message] of messages.entries()) {
      const found = await broker.manager.direct.getMessage('events', { seq: sequences[index] ?? 0 });
      expect({ seed, said: found?.header.get('x-index') }).toEqual({ seed, said: message.headers['x-index'] });
      expect(Buffer.from(found?.data ?? []).equals(message.payload)).toBe(true);
    }
  });

  test('P2: the same message again is stored once and says so', async () => {
    const { publisher } = broker.backend();
    const message = reading('b', 1);
    const first = await publisher.publish(message);
    const second = await publisher.publish(message);
    expect(second).toEqual({ ...first, duplicate: true });
  });

  test('P3: what is published while the server is down is stored when it is back, once and in order', async () => {
    const { publisher } = broker.backend();
    await publisher.publish(reading('warm', 0));
    const restart = await broker.crash();
    const values = Array.from({ length: 50 }, (_, value) => value);
    const publishes = values.map((value) => publisher.publish(reading('c', value)));
    await restart();
    const stored = await Promise.all(publishes);
    const sequences = stored.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    const found = (await broker.contents('events')).filter(({ subject }) => subject === 'test.meter.c.read');
    expect(found).toHaveLength(values.length);
  });

  test('P4: more messages than there are places wait for one, and all are stored', async () => {
    const { publisher } = broker.backend();
    const results = await Promise.all(
      Array.from({ length: 5_000 }, (_, value) => publisher.publish(reading('d', value))),
    );
    expect(new Set(results.map(({ sequence }) => sequence)).size).toBe(5_000);
  });

  test('a message that no stream takes is not stored, and that is said after the deadline', async () => {
    const { publisher } = broker.backend();
    const nowhere = { ...reading('e', 1), subject: 'nobody.listens' };
    await expect(publisher.publish(nowhere, { deadlineMs: 700 })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no stream takes its subject'),
    });
  });

  test('a message larger than the server takes is refused at once', async () => {
    const { publisher } = broker.backend();
    await publisher.publish(reading('warm', 1));
    const huge = { ...reading('f', 1), payload: new Uint8Array(2 * 1024 * 1024) };
    await expect(publisher.publish(huge)).rejects.toMatchObject({ code: 'refused' });
    await expect(publisher.publish(reading('f', 2))).resolves.toMatchObject({ stream: 'events' });
  });

  test('P4: whoever finds no place waits no longer than its deadline', async () => {
    const restart = await broker.crash();
    const backend = broker.backend();
    const waiting = Promise.allSettled(
      Array.from({ length: 4_096 }, (_, value) => backend.publisher.publish(reading('full', value))),
    );
    const hurried = backend.publisher.publish(reading('full', 4_096), { deadlineMs: 300 });
    await expect(hurried).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('too many') });
    await backend.close();
    expect((await waiting).every(({ status }) => status === 'rejected')).toBe(true);
    await restart();
  });

  test('P5: whoever answers instead of a stream, and with what, costs no other publish anything', async () => {
    const { publisher } = broker.backend();
    await publisher.publish(reading('warm', 3));
    const answers = ['not JSON', '', '{"stream":7}', '[]'];
    const answered = answers.map(async (answer, index) => {
      const subject = `strange.${index}`;
      broker.plain.subscribe(subject, { callback: (_error, message) => void message.respond(answer) });
      await broker.plain.flush();
      return publisher.publish({ ...reading('strange', index), subject }, { deadlineMs: 700 });
    });
    for (const publish of answered)
      await expect(publish).rejects.toMatchObject({
        code: 'unknown', // for all that is known a stream has it
        message: expect.stringContaining('something else than JetStream'),
      });
    await expect(publisher.publish(reading('unanswered', 1))).resolves.toMatchObject({ duplicate: false });
  });

  test('P5: a header that cannot be sent is refused at once', async () => {
    const { publisher } = broker.backend();
    await publisher.publish(reading('warm', 2));
    for (const header of [{ 'a b': 'x' }, { 'a:b': 'x' }, { é: 'x' }, { a: 'x\ry' }, { a: 'x\ny' }]) {
      await expect(publisher.publish({ ...reading('odd', 1), headers: header })).rejects.toMatchObject({
        code: 'refused',
      });
    }
  });

  test('closing tells those who still wait that their message was not sent', async () => {
    const restart = await broker.crash();
    const backend = broker.backend();
    const waiting = backend.publisher.publish(reading('g', 1));
    await backend.close();
    await expect(waiting).rejects.toBeInstanceOf(PublishError);
    await restart();
  });

  test('lastIdOn gives the id of the newest message of a subject, and null for none', async () => {
    const { publisher } = broker.backend();
    const newest = reading('h', 2);
    await publisher.publish(reading('h', 1));
    await publisher.publish(newest);
    await expect(publisher.lastIdOn('test.meter.h.read')).resolves.toBe(newest.id);
    await expect(publisher.lastIdOn('test.meter.nobody.read')).resolves.toBeNull();
    await expect(publisher.lastIdOn('no.stream.here')).resolves.toBeNull();
  });
});
