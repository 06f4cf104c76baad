import { expect, test } from '@jest/globals';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { processNamespace } from './process-life.ts';
import { makeTemporaryFolder, sweepStaleFolders } from './temporary-folder.ts';

test('E6 a sweep takes the folders of dead processes of this machine only', async () => {
  const mine = await makeTemporaryFolder('test');
  const random = basename(mine).split('.').at(-1);
  const dead = join(tmpdir(), `longwave-test.${processNamespace()}.4194305.1.${random}`);
  const elsewhere = join(tmpdir(), `longwave-test.1${processNamespace()}.4194305.1.${random}`);
  const foreign = join(tmpdir(), `longwave-notes.${random}`);
  for (const folder of [dead, elsewhere, foreign]) mkdirSync(folder);
  await sweepStaleFolders();
  expect([mine, dead, elsewhere, foreign].map((folder) => existsSync(folder))).toEqual([true, false, true, true]);
  for (const folder of [mine, elsewhere, foreign]) rmSync(folder, { recursive: true });
});
