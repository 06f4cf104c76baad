import { expect, test } from '@jest/globals';
import { startNats } from '../src/start-nats.ts';

test('ready', async () => {
  const server = await startNats();
  expect(server.port).toBeGreaterThan(0);
  expect(process.env['LONGWAVE_TEST_POSTGRES_URL']).toMatch(/^postgres:/);
  await server.stop();
});
