// What is said on a machine without Docker.
import { expect, test } from '@jest/globals';
import { findCompose, NoComposeError } from './find-compose.ts';

test('a machine without docker is told what to install', async () => {
  const without = findCompose({ PATH: '/nonexistent' });
  await expect(without).rejects.toThrow(NoComposeError);
  await expect(without).rejects.toThrow('There is no `docker` on this machine. Install Docker');
});
