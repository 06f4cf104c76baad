// What the environment may say of the server whose streams are to be made, and what it may not.
import { expect, test } from '@jest/globals';
import { targetFromEnvironment } from './target-from-environment.ts';

test('a broker is named, or is on this machine', () => {
  expect(targetFromEnvironment({})).toMatchObject({ host: '127.0.0.1', port: 4222 });
  expect(targetFromEnvironment({ NATS_HOST: 'broker', NATS_PORT: '4333' })).toMatchObject({
    host: 'broker',
    port: 4333,
  });
});

test('two brokers are one too many: that is refused in words, before anything is asked of either', () => {
  expect(() => targetFromEnvironment({ NATS_HOST: 'broker', KAFKA_HOST: 'kafka' })).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      code: 'config-invalid',
      problems: [{ name: 'KAFKA_HOST', problem: expect.stringContaining('a service has one broker') }],
    }),
  );
});
