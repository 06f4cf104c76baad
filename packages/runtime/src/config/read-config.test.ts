// What the environment may say, what becomes of it, and how a wrong one is reported.
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { decimalInteger } from '../decimal-integer.ts';
import { refuseExposure } from './open-policy.ts';
import { ConfigError, readConfig } from './read-config.ts';
import { serviceConfig } from './service-config.ts';

const schema = serviceConfig.extend({
  PORT: decimalInteger({ min: 0, max: 65_535 }).default(8081),
  DATABASE_URL: z.url({ protocol: /^postgres$/ }).meta({ description: 'the Postgres of this service' }),
  BROKERS: decimalInteger({ min: 1, max: 3 }),
});

const valid = { DATABASE_URL: 'postgres://u:hunter2@db/steering', BROKERS: '3' };

function failureOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig(refuseExposure(schema, []), env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('a right environment', () => {
  test('becomes a frozen, typed value with its defaults', () => {
    const config = readConfig(schema, {
      ...valid,
      PORT: '0',
      TRUSTED_PROXIES: '10.0.0.0/8, loopback',
      LOG_PRETTY: 'true',
    });
    expect(config).toEqual({
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'info',
      LOG_PRETTY: true,
      TRUSTED_PROXIES: ['10.0.0.0/8', 'loopback'],
      AUTH_POLICY: 'open',
      SHUTDOWN_WITHIN_MS: 8000,
      DATABASE_URL: 'postgres://u:hunter2@db/steering',
      BROKERS: 3,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('may hold anything else, which is not looked at', () => {
    expect(readConfig(schema, { ...valid, HOME: '/root' })).not.toHaveProperty('HOME');
  });

  test('may hold empty strings, which count as unset', () => {
    expect(readConfig(schema, { ...valid, PORT: '', REPLICA_ID: '' })).toMatchObject({ PORT: 8081 });
  });

  test('may end the public address with slashes, which nobody has to expect later', () => {
    const { PUBLIC_URL } = readConfig(schema, { ...valid, PUBLIC_URL: 'https://radio.example/a//' });
    expect(PUBLIC_URL).toBe('https://radio.example/a');
  });
});

describe('a wrong environment (S1)', () => {
  test('is reported whole, each variable by its name and with what is expected', () => {
    const env = {
      PORT: '80a',
      LOG_LEVEL: 'loud',
      TRUSTED_PROXIES: '10.0.0.0/33',
      BROKERS: ' ',
      DATABASE_URL: '',
      REPLICA_ID: 'a b',
    };
    expect(failureOf(env).message).toMatchInlineSnapshot(`
"6 settings are wrong in the environment; set and start again:
  PORT             is wrong; expected: a decimal integer
  LOG_LEVEL        is wrong; expected: trace, debug, info, warn, error or fatal
  TRUSTED_PROXIES  is wrong; expected: addresses or CIDR ranges of the proxies whose X-Forwarded-For counts, by comma; also loopback, linklocal, uniquelocal
  REPLICA_ID       is wrong; expected: the name of this process among its replicas, 1–64 of A–Z a–z 0–9 _ -; unset: a new one at every start
  DATABASE_URL     is not set; expected: the Postgres of this service
  BROKERS          is wrong; expected: a decimal integer"
`);
  });

  test('has a code and its problems as data', () => {
    expect(failureOf({ BROKERS: '3' })).toMatchObject({
      code: 'config-invalid',
      problems: [{ name: 'DATABASE_URL', problem: 'is not set; expected: the Postgres of this service' }],
    });
  });

  test('is reported without repeating any value', () => {
    const secret = 'hunter2-not-a-url';
    const names = Object.keys(schema.shape);
    expect(failureOf(Object.fromEntries(names.map((name) => [name, secret]))).message).not.toContain('hunter2');
  });
});

describe('the open policy (S2)', () => {
  test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('is accepted on %s', (HOST) => {
    expect(readConfig(refuseExposure(schema, []), { ...valid, HOST })).toMatchObject({ HOST });
  });

  test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '127.0.0.1.evil.example'])('is refused on %s', (HOST) => {
    expect(failureOf({ ...valid, HOST }).problems).toEqual([
      { name: 'AUTH_POLICY', problem: expect.stringContaining('refused unless HOST is a loopback address') },
    ]);
  });

  test('is refused together with everything else that is wrong', () => {
    const names = failureOf({ HOST: '0.0.0.0', BROKERS: '9' }).problems.map(({ name }) => name);
    expect(names).toEqual(['DATABASE_URL', 'BROKERS', 'AUTH_POLICY']);
  });
});

describe('the open policy of a private network (S8)', () => {
  const AUTH_POLICY = 'open-in-private-network';
  const accept = (HOST: string, ownAddresses: readonly string[]) =>
    readConfig(refuseExposure(schema, ownAddresses), { ...valid, AUTH_POLICY, HOST });
  const containers = ['127.0.0.1', '::1', '172.18.0.4', 'fd12:3456::4', 'fe80::42'];

  test.each(['0.0.0.0', '::', '10.1.2.3', '192.168.1.2', '172.31.255.255', 'fd00::1', '127.0.0.1'])(
    'is accepted on %s of a machine that only a private network reaches',
    (HOST) => expect(accept(HOST, containers)).toMatchObject({ HOST }),
  );

  test.each(['0.0.0.0', '::'])('is refused on %s of a machine with a public address', (HOST) => {
    expect(() => accept(HOST, [...containers, '192.0.2.1'])).toThrow(/is refused unless HOST is a private address/);
    expect(() => accept(HOST, [...containers, '2001:db8::1'])).toThrow(ConfigError);
  });

  test.each(['192.0.2.1', '172.32.0.1', '100.64.0.1', '2001:db8::1', 'steering', '10.1.2.3.evil.example'])(
    'is refused on %s',
    (HOST) => expect(() => accept(HOST, containers)).toThrow(ConfigError),
  );
});

describe('a number in the environment', () => {
  test.each(['', ' ', '1e3', '0x10', '1.5', '01', '+1', '-0', '9007199254740993', 'Infinity', '１'])(
    'is not %j',
    (text) => expect(decimalInteger().safeParse(text).success).toBe(false),
  );

  test.each([
    ['0', 0],
    ['-7', -7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('is %s', (text, value) => {
    expect(decimalInteger().parse(text)).toBe(value);
  });
});
