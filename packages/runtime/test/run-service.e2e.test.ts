// A service as a process: what it tells its parent, what it obeys, and what its exit code says.
import { afterEach, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../src/process/exit-codes.ts';
import { forkService, spawnParent } from './support/service-process.ts';
import type { ServiceProcess } from './support/service-process.ts';
import { until } from './support/until.ts';

const running: ServiceProcess[] = [];
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ exited }) => exited));
});

function begin(env: Readonly<Record<string, string>> = {}): ServiceProcess {
  const service = forkService({
    PORT: '0',
    DATABASE_URL: 'postgres://u:hunter2@db/x',
    SHUTDOWN_WITHIN_MS: '2000',
    ...env,
  });
  running.push(service);
  return service;
}

async function ready(
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess & { readonly address: string }> {
  const service = begin(env);
  await until(() => service.messages.length > 0, 'the service was ready');
  const [message] = service.messages;
  expect(message).toEqual({ type: 'listening', address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
  return { ...service, address: String(Object(message).address) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is no such process any more.
    return false;
  }
}

const stopped = { code: exitCodes.stopped, signal: null };
const failed = { code: exitCodes.failed, signal: null };

test('a service tells its parent its address when it can be called (S6)', async () => {
  const { address } = await ready();
  expect(await (await fetch(address)).text()).toBe('hi');
});

describe('a wrong environment (S1)', () => {
  test('is printed as a list, without a stack or a value, and the exit code says so', async () => {
    const service = begin({ PORT: 'eighty', DATABASE_URL: 'hunter2', HOST: '0.0.0.0' });
    expect(await service.exited).toEqual({ code: exitCodes.config, signal: null });
    expect(service.stderr()).toBe(
      [
        'demo cannot start. 3 settings are wrong in the environment; set and start again:',
        '  PORT          is wrong; expected: a TCP port, or 0 for any free one',
        '  DATABASE_URL  is wrong; expected: a Postgres',
        "  AUTH_POLICY   'open' is refused unless HOST is a loopback address (127.0.0.1, ::1, localhost); in a container it is 'open-in-private-network', where only those who may do everything can connect",
        '',
      ].join('\n'),
    );
    expect(service.stdout()).toBe('');
  });
});

describe('asked to stop, a service releases everything and exits with 0 (S3):', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s', async (signal) => {
    const service = await ready();
    service.child.kill(signal);
    expect(await service.exited).toEqual(stopped);
    expect(service.stdout()).toContain('flushed');
  });

  test('by a parent that disconnects', async () => {
    const service = await ready();
    service.child.disconnect();
    expect(await service.exited).toEqual(stopped);
    expect(service.stdout()).toContain('the parent process is gone');
  });

  test('by a parent that was killed, although nobody reads its output any more', async () => {
    const parent = spawnParent();
    await until(() => parent.childPid() !== undefined, 'the parent had a ready child');
    const pid = parent.childPid() ?? 0;
    expect(isAlive(pid)).toBe(true);
    parent.kill();
    await until(() => !isAlive(pid), 'the child had ended too');
  });

  test('while it is still starting, as soon as it has started', async () => {
    const service = begin({ BEHAVIOUR: 'start-slow' });
    await service.says('starting');
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual(stopped);
    expect(service.stdout()).toContain('flushed');
  });
});

describe('a service that cannot stop cleanly exits with 1 all the same:', () => {
  test('one release hangs; the others are released', async () => {
    const service = await ready({ BEHAVIOUR: 'stop-hangs', SHUTDOWN_WITHIN_MS: '50' });
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual(failed);
    expect(service.stdout()).toContain("'hangs' did not stop within 50 ms");
    expect(service.stdout()).toContain('flushed');
  });

  test('one release fails; the others are released', async () => {
    const service = await ready({ BEHAVIOUR: 'stop-fails' });
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual(failed);
    expect(service.stdout()).toMatch(/it is stuck[\s\S]*flushed/);
  });

  test('it never finishes starting', async () => {
    const service = begin({ BEHAVIOUR: 'start-hangs', SHUTDOWN_WITHIN_MS: '50' });
    await service.says('starting');
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual(failed);
    expect(service.stdout()).toContain('did not stop in time');
  });
});

describe('a second signal', () => {
  test('does not wait (S4)', async () => {
    const service = await ready({ BEHAVIOUR: 'stop-hangs', SHUTDOWN_WITHIN_MS: '60000' });
    service.child.kill('SIGINT');
    await service.says('stopping');
    const impatient = setInterval(() => service.child.kill('SIGINT'), 50);
    expect(await service.exited).toEqual(failed);
    clearInterval(impatient);
    expect(service.stdout()).toContain('asked again');
  });

  test('that comes with the first is the same request, told by terminal and parent', async () => {
    const service = await ready();
    service.child.kill('SIGINT');
    service.child.kill('SIGTERM');
    expect(await service.exited).toEqual(stopped);
    expect(service.stdout()).toContain('flushed');
  });
});

describe('an error nobody caught is logged, everything is released, and the exit code is 1 (S5):', () => {
  test.each(['throws', 'rejects'])('%s', async (behaviour) => {
    const service = await ready({ BEHAVIOUR: behaviour });
    await fetch(`${service.address}/crash`);
    expect(await service.exited).toEqual(failed);
    expect(service.stdout()).toMatch(/nobody caught this[\s\S]*flushed/);
  });
});

test('a start that fails is logged with its reason, and the exit code is 1', async () => {
  const service = begin({ BEHAVIOUR: 'start-fails' });
  expect(await service.exited).toEqual(failed);
  expect(service.stdout()).toMatch(/flushed[\s\S]*the broker is not there/);
  expect(service.messages).toEqual([]);
});

test('the replica has the name it was given, else a new one, on every line', async () => {
  const named = await ready({ REPLICA_ID: 'steering-2' });
  expect(named.stdout()).toContain('"replicaId":"steering-2"');
  const unnamed = await ready();
  expect(unnamed.stdout()).toMatch(/"replicaId":"[0-9a-f-]{36}"/);
});
