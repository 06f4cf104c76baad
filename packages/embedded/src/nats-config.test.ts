import { expect, test } from '@jest/globals';
import { renderNatsConfig } from './nats-config.ts';

const CONFIG = {
  port: 4222,
  monitorPort: 8222,
  storeDirectory: '/data/nats',
  portsDirectory: '/data/nats/ports',
  syncInterval: 'always',
  extraConfig: '',
} as const;

test('E3 E4 the text says loopback, file storage in a named folder, synced always', () => {
  const text = renderNatsConfig(CONFIG);
  expect(text).toContain('listen: "127.0.0.1:4222"');
  expect(text).toContain('http: "127.0.0.1:8222"');
  expect(text).toContain('store_dir: "/data/nats"');
  expect(text).toContain('sync_interval: always');
  expect(text).not.toContain('0.0.0.0');
});

test('a folder name cannot break out of its quotes', () => {
  const text = renderNatsConfig({ ...CONFIG, storeDirectory: '/a"b\\c' });
  expect(text).toContain('store_dir: "/a\\"b\\\\c"');
});

test('extra configuration comes last, because the last of two settings wins', () => {
  const text = renderNatsConfig({ ...CONFIG, extraConfig: 'max_payload: 8MB' });
  expect(text.trimEnd().endsWith('max_payload: 8MB')).toBe(true);
});
