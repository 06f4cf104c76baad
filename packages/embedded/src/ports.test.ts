import { expect, test } from '@jest/globals';
import { findTakenPort, PortTaken, startOnPorts } from './ports.ts';

test('a port of our choice that is lost is replaced by another', async () => {
  const seen: number[] = [];
  const outcome = await startOnPorts('server', [undefined], 'Wait.', async ([port = 0]) => {
    seen.push(port);
    return seen.length < 3 ? new PortTaken(port) : 'started';
  });
  expect(outcome).toBe('started');
  expect(new Set(seen).size).toBe(3);
});

test('a given port that is taken is tried once and named, with what to do', async () => {
  let attempts = 0;
  const failing = startOnPorts('nats-server', [4222, undefined], 'Stop that process.', async () => {
    attempts += 1;
    return new PortTaken(4222);
  });
  await expect(failing).rejects.toMatchObject({
    code: 'port-taken',
    message: 'nats-server cannot listen on 127.0.0.1:4222: another process has that port. Stop that process.',
  });
  expect(attempts).toBe(1);
});

test('each server’s own words say which port it was', () => {
  const nats = '[FTL] Error starting http listener: listen tcp 127.0.0.1:8222: bind: address already in use';
  expect(findTakenPort([nats], [4222, 8222])).toBe(8222);
  const postgres = [
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
    'HINT:  Is another postmaster already running on port 5432?',
  ];
  expect(findTakenPort(postgres, [5432])).toBe(5432);
  expect(findTakenPort(['FATAL:  something else on port 5432'], [5432])).toBeUndefined();
});
