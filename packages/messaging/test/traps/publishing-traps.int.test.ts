// What nats.js 3.4 does to those who publish, each trap sprung by nats.js alone and then avoided by this package. The list
// of all of them is in the README.
import { jetstreamManager } from '@nats-io/jetstream';
import { errors, headers } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeMessage } from '@longwave/messaging/contract';
import { startBroker, type Broker } from '../support/broker.ts';
import { connectRaw, isConnected, type RawClient } from '../support/raw-client.ts';
import { Reading, reading, testSource } from '../support/reading.ts';
import { until } from '../support/until.ts';

let broker: Broker;
let raw: RawClient;

beforeAll(async () => {
  broker = await startBroker();
  raw = await connectRaw(broker, { maxReconnectAttempts: -1 });
});

afterAll(async () => {
  await raw.close();
  await broker.close();
});

const stored = async (subject: string): Promise<number> =>
  (await broker.contents('events')).filter((message) => message.subject === subject).length;
const twenty = Array.from({ length: 20 }, (_, value) => value);

describe('N1: what is published while the server is down', () => {
  test('nats.js alone takes it without an error, and none of it is stored', async () => {
    const restart = await broker.crash();
    await until('the connection is lost', () => raw.losses() > 0);
    for (const value of twenty) raw.connection.publish('test.n1.raw', String(value));
    await restart();
    await until('it is connected again', () => isConnected(raw.connection));
    expect(await stored('test.n1.raw')).toBe(0);
  });

  test('with the package all of it is stored when the server is back', async () => {
    const backend = broker.backend();
    const { publisher } = backend;
    await publisher.publish(reading('n1', 0));
    const restart = await broker.crash();
    await until('the connection is lost', () => backend.state().state === 'down');
    const publishing = Promise.all(twenty.map((value) => publisher.publish(reading('n1', value + 1))));
    await restart();
    await publishing;
    expect(await stored('test.meter.n1.read')).toBe(21);
  });
});

describe('N3: headers that are used for two messages', () => {
  test('nats.js alone writes the id of the first into them, and the second is dropped as its duplicate', async () => {
    const shared = headers();
    shared.set('x-station', 'north');
    await raw.js.publish('test.n3.raw', 'one', { msgID: 'n3-1', headers: shared });
    const second = await raw.js.publish('test.n3.raw', 'two', { headers: shared });
    expect(second.duplicate).toBe(true);
    expect(await stored('test.n3.raw')).toBe(1);
  });

  test('with the package nothing of the caller is touched, and both are stored', async () => {
    const { publisher } = broker.backend();
    const cause = Object.freeze({ correlationId: 'n3' });
    const context = { createdAt: new Date(), source: testSource, cause };
    const [one, two] = ['n3-one', 'n3-two'].map((id) =>
      encodeMessage(Reading.of({ meter: 'n3', value: 1 }), { ...context, id }),
    );
    for (const message of [one, two]) {
      if (message === undefined) throw new Error('there are two');
      const before = structuredClone(message.headers);
      await expect(publisher.publish(message)).resolves.toMatchObject({ duplicate: false });
      expect(message.headers).toEqual(before);
    }
    const shared = Object.freeze({ 'x-station': 'north' });
    for (const id of ['n3-three', 'n3-four']) await publisher.publish({ ...reading('n3', 2, id), headers: shared });
    expect(await stored('test.meter.n3.read')).toBe(4);
  });
});

describe('N11: what the stream is asked to hold a message to', () => {
  beforeAll(async () => {
    const manager = await jetstreamManager(raw.connection);
    await manager.streams.add({ name: 'n11', subjects: ['n11.>'], allow_atomic: true, allow_msg_ttl: true });
  });

  test('nats.js alone leaves expect and ttl of a batched message out, and a failed commit loses its code', async () => {
    const batch = await raw.js.startBatch('n11.raw', 'one');
    batch.add('n11.raw', 'two', { expect: { lastSubjectSequence: 999 }, ttl: '1s' });
    const { count } = await batch.commit('n11.raw', 'three');
    expect(count).toBe(3);
    const second = await raw.js.streams.get('n11').then((stream) => stream.getMessage({ seq: 2 }));
    expect(second?.header.get('Nats-TTL')).toBe('');
    await raw.js.publish('n11.raw', 'four', { msgID: 'seen' });
    const seen = headers();
    seen.set('Nats-Msg-Id', 'seen');
    const failing = await raw.js.startBatch('n11.raw', 'five');
    const failure = await failing.commit('n11.raw', 'six', { headers: seen }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining("didn't contain") });
    expect(failure).not.toHaveProperty('code');
  });

  test('with the package there are no batches: each message has its own end, with the code of the stream', async () => {
    const { publisher } = broker.backend();
    const expecting = (name: string, value: string) => {
      const message = reading('n11', 1);
      return { ...message, subject: 'n11.package', headers: { ...message.headers, [name]: value } };
    };
    await expect(
      publisher.publish(expecting('Nats-Expected-Last-Subject-Sequence', '999'), { deadlineMs: 600 }),
    ).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('(10071)') });
    await expect(publisher.publish(expecting('Nats-TTL', 'soon'))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('(10165)'),
    });
  });
});

describe('N14: the stack of a request that has not failed', () => {
  /** Errors that nats.js makes during `work`: its two classes are given a parent that counts. */
  const errorsMadeBy = async (work: () => Promise<unknown>): Promise<number> => {
    let count = 0;
    class CountingError extends Error {
      constructor(...args: ConstructorParameters<typeof Error>) {
        super(...args);
        count += 1;
      }
    }
    const classes = [errors.RequestError, errors.TimeoutError];
    for (const one of classes) Object.setPrototypeOf(one, CountingError);
    try {
      await work();
      return count;
    } finally {
      for (const one of classes) Object.setPrototypeOf(one, Error);
    }
  };

  test('nats.js alone makes errors for each publish that goes well, unless noAsyncTraces is set', async () => {
    expect(await errorsMadeBy(() => raw.js.publish('test.n14.raw', 'fine'))).toBeGreaterThan(0);
  });

  test('with the package none is made', async () => {
    const { publisher } = broker.backend();
    await publisher.publish(reading('n14', 1));
    expect(await errorsMadeBy(() => publisher.publish(reading('n14', 2)))).toBe(0);
  });
});
