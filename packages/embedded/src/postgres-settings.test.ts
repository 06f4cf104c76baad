import { expect, test } from '@jest/globals';
import { renderInitArguments, renderServerArguments, saysReady } from './postgres-settings.ts';

test('E3 a durable server never hears of fsync=off, a throw-away one does', () => {
  const durable = renderServerArguments({ port: 5432, maxConnections: 100, durable: true });
  const throwAway = renderServerArguments({ port: 5432, maxConnections: 100, durable: false });
  expect(durable.filter((argument) => argument.startsWith('fsync'))).toEqual([]);
  expect(throwAway).toContain('fsync=off');
  expect(renderInitArguments(true)).not.toContain('--no-sync');
  expect(renderInitArguments(false)).toContain('--no-sync');
});

test('E4 the server listens on loopback only', () => {
  const all = renderServerArguments({ port: 5432, maxConnections: 100, durable: true });
  expect(all).toContain('listen_addresses=127.0.0.1');
  expect(all).toContain('unix_socket_directories=');
  expect(all).toContain('port=5432');
});

test('only the line that says so is readiness', () => {
  expect(saysReady('2026-01-01 LOG:  database system is ready to accept connections')).toBe(true);
  expect(saysReady('LOG:  database system was interrupted')).toBe(false);
});
