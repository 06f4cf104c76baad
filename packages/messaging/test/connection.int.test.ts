// What the connection promises (K1, K2), against servers that do not answer: one that hangs, one that never speaks.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quietLog } from '@longwave/embedded/testing';
import { startBatchConsumption, startConsumption, systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { startBroker, type Broker } from './support/broker.ts';
import { Reading, reading, testSource } from './support/reading.ts';
import { stoppedAfterEach } from './support/stopped-after-each.ts';
import { until } from './support/until.ts';

const stopping = stoppedAfterEach();

/** Far below every deadline for an answer (5 s), far above what stopping costs. */
const SOON_MS = 4_500;

let broker: Broker;

beforeAll(async () => {
  broker = await startBroker();
});

afterAll(async () => {
  await broker.close();
});

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

test('K1: a server that never speaks costs one socket at a time, and none after close', async () => {
  const open = new Set<Socket>();
  let attempts = 0;
  const silent = createServer((socket) => {
    attempts += 1;
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  // The address of a listening TCP server is never a path.
  const { port } = silent.address() as AddressInfo;
  const backend = connectJetStream({ host: '127.0.0.1', port, name: 'test', log: quietLog });
  await until('it has tried twice', () => attempts >= 2);
  expect(open.size).toBeLessThanOrEqual(1);
  expect(await took(() => backend.close())).toBeLessThan(SOON_MS);
  await until('no socket is left', () => open.size === 0);
  silent.close();
});

test('K1: stopping while the server hangs ends soon, whatever is under way', async () => {
  await broker.addConsumer('hanging', { filter: 'test.meter.hanging.read' });
  const backend = broker.backend();
  const following = backend.reader.follow('events', 1, { onMessage: () => undefined, onState: () => undefined });
  const options = { stream: 'events', consumer: 'hanging', log: quietLog, time: systemTime, random: Math.random };
  const batches = stopping(startBatchConsumption(backend, { ...options, handler: async () => undefined }));
  const types = [Reading];
  const handler = async (): Promise<void> => undefined;
  const consumption = stopping(startConsumption(backend, { ...options, types, handler, source: testSource }));
  await until('it pulls', () => consumption.state().state === 'up' && batches.state().state === 'up');
  broker.server().pause();
  const waiting = backend.publisher.publish(reading('hanging', 1)).catch(() => undefined);
  const stopped = await took(async () => {
    await Promise.all([following.stop(), batches.stop(), consumption.stop({ withinMs: 10_000 })]);
    await backend.close();
  });
  broker.server().resume();
  expect(stopped).toBeLessThan(SOON_MS);
  await waiting;
});

test('K1: what is started and stopped before there ever was a server ends at once', async () => {
  const backend = connectJetStream({ host: '127.0.0.1', port: 1, name: 'test', log: quietLog });
  const following = backend.reader.follow('events', 1, { onMessage: () => undefined, onState: () => undefined });
  const consumption = stopping(
    startConsumption(backend, {
      stream: 'events',
      consumer: 'nobody',
      types: [Reading],
      handler: async () => undefined,
      source: testSource,
      log: quietLog,
      time: systemTime,
      random: Math.random,
    }),
  );
  const stopped = await took(async () => {
    await Promise.all([following.stop(), consumption.stop({ withinMs: 10_000 })]);
    await backend.close();
  });
  expect(stopped).toBeLessThan(SOON_MS);
});

test('K1: what was asked before there ever was a server ends with the connection, not five seconds later', async () => {
  const backend = connectJetStream({ host: '127.0.0.1', port: 1, name: 'test', log: quietLog });
  const asked = backend.reader.bounds('events').catch((error: unknown) => error);
  const ended = await took(async () => {
    await backend.close();
    expect(await asked).toMatchObject({ code: 'broker-unavailable' });
  });
  expect(ended).toBeLessThan(SOON_MS);
});

test('K2: a listener that throws costs neither the others nor the connection anything', async () => {
  const backend = broker.backend();
  const heard: string[] = [];
  const fail = (): never => {
    throw new Error('a listener of the test');
  };
  backend.link.listen({ up: fail, down: fail });
  backend.link.listen({ up: () => heard.push('up'), down: () => heard.push('down') });
  await until('it is up', () => heard.at(-1) === 'up');
  const restart = await broker.crash();
  await until('it is down', () => heard.at(-1) === 'down');
  await restart();
  await until('it is up again', () => heard.at(-1) === 'up');
  await expect(backend.publisher.publish(reading('k2', 1))).resolves.toMatchObject({ stream: 'events' });
});
