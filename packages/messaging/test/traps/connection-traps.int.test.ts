// What ends a consumer or a connection of nats.js 3.4, or makes one that can never work. Each trap is sprung by nats.js
// alone and then avoided by this package. The list of all of them is in the README.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startConsumption, systemTime } from '@longwave/messaging';
import { quietLog } from '@longwave/embedded/testing';
import { startBroker, type Broker } from '../support/broker.ts';
import { createConsumptions, type Consumptions } from '../support/consumptions.ts';
import { connectRaw } from '../support/raw-client.ts';
import { Reading, reading, testSource } from '../support/reading.ts';
import { startReplica } from '../support/replica-process.ts';
import { until } from '../support/until.ts';

let broker: Broker;
let consumptions: Consumptions;

beforeAll(async () => {
  broker = await startBroker();
  consumptions = createConsumptions(broker, broker.backend());
});

afterAll(async () => {
  await consumptions.stop();
  await broker.close();
});

describe('N9: a durable consumer whose name is percent-encoded', () => {
  test('without the package it delivers, and every acknowledgement is answered with "no responders"', async () => {
    const raw = await connectRaw(broker);
    await broker.addConsumer('n9%2Eraw', { filter: 'test.n9.raw' });
    await raw.js.publish('test.n9.raw');
    const consumer = await raw.js.consumers.get('events', 'n9%2Eraw');
    const message = await consumer.next();
    await expect(message?.ackAck()).rejects.toThrow(/no responders/);
    expect((await consumer.info()).num_ack_pending).toBe(1);
    await raw.close();
  });

  test('with the package such a name is refused before anything is delivered', () => {
    const options = { types: [Reading], source: testSource, log: quietLog, time: systemTime, random: Math.random };
    const handler = async (): Promise<void> => undefined;
    for (const name of ['n9%2Eraw', 'n9.raw', 'n9 raw', 'n9\r\nPING', ''])
      expect(() =>
        startConsumption(broker.backend(), { ...options, handler, stream: 'events', consumer: name }),
      ).toThrow(expect.objectContaining({ code: 'illegal-name' }));
  });
});

describe('N12: a throw within a callback', () => {
  test('nats.js alone ends the consumer: the second message is never handed over', async () => {
    const raw = await connectRaw(broker);
    await broker.addConsumer('n12-raw', { filter: 'test.n12.raw' });
    const consumer = await raw.js.consumers.get('events', 'n12-raw');
    let calls = 0;
    const messages = await consumer.consume({
      callback: () => {
        calls += 1;
        throw new Error('a handler of the test');
      },
    });
    await raw.js.publish('test.n12.raw');
    await messages.closed();
    await raw.js.publish('test.n12.raw');
    const left = async (): Promise<number> => {
      const { num_pending, num_ack_pending } = await consumer.info();
      return num_pending + num_ack_pending;
    };
    for (let looked = 0; looked < 10; looked += 1) expect(await left()).toBe(2);
    expect(calls).toBe(1);
    await raw.close();
  });

  test('with the package the message is tried again, and the others flow', async () => {
    const seen: number[] = [];
    await consumptions.consume('n12', async (value) => {
      seen.push(value);
      if (seen.length === 1) throw new Error('a handler of the test');
    });
    await consumptions.publish('n12', 2);
    await until('all are settled', consumptions.settled('n12'));
    expect(seen).toEqual([0, 0, 1]);
  });
});

describe('N13: a server that is away for longer than ten dials', () => {
  test('nats.js alone has closed for good; the package is back with the server', async () => {
    const raw = await connectRaw(broker);
    const backend = broker.backend();
    await backend.publisher.publish(reading('n13', 1));
    const restart = await broker.crash();
    await raw.connection.closed();
    const waiting = backend.publisher.publish(reading('n13', 2));
    await restart();
    await expect(waiting).resolves.toMatchObject({ stream: 'events', duplicate: false });
    expect(raw.connection.isClosed()).toBe(true);
    await expect(raw.js.publish('test.n13.raw')).rejects.toThrow(/closed/);
    await raw.close();
  });
});

describe('N15: a server that says goodbye while something is written', () => {
  const written = async (side: 'raw' | 'package'): Promise<readonly string[]> => {
    const { host, port } = broker.server();
    const child = startReplica('ended-socket.ts', [side, host, String(port)]);
    await until('it has ended', child.hasEnded);
    return child.lines;
  };

  test('nats.js alone ends the process', async () => {
    expect(await written('raw')).toEqual([]);
  });

  test('with the package the process lives', async () => {
    expect(await written('package')).toEqual(['survived']);
  });
});
