// What the environment may say of the broker.
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { brokerTarget, natsSettings } from './nats-settings.ts';

const schema = z.object(natsSettings);

test('by default it is on this machine, and has to be durable', () => {
  expect(brokerTarget(schema.parse({}))).toEqual({
    host: '127.0.0.1',
    port: 4222,
    monitorUrl: undefined,
    relaxed: false,
  });
});

test('all of it can be said', () => {
  const settings = {
    NATS_HOST: 'broker',
    NATS_PORT: '65535',
    NATS_MONITOR_URL: 'https://broker:8222',
    NATS_DURABILITY: 'relaxed',
  };
  expect(brokerTarget(schema.parse(settings))).toEqual({
    host: 'broker',
    port: 65_535,
    monitorUrl: 'https://broker:8222',
    relaxed: true,
  });
});

test.each([
  ['NATS_PORT', ['0', '65536', '-1', '04222', '4222.0', '4e3', ' 4222', '９']],
  ['NATS_MONITOR_URL', ['broker:8222', 'ftp://broker', '8222']],
  ['NATS_DURABILITY', ['yes', 'Strict']],
] as const)('a %s that makes no sense is refused', (name, texts) => {
  for (const text of texts) expect(schema.safeParse({ [name]: text })).toMatchObject({ success: false });
});

test('a second broker is refused, whether or not the first is named', () => {
  for (const settings of [{ KAFKA_HOST: 'kafka' }, { KAFKA_HOST: 'kafka', NATS_HOST: 'broker' }])
    expect(schema.safeParse(settings)).toMatchObject({ success: false, error: { issues: [{ path: ['KAFKA_HOST'] }] } });
});
