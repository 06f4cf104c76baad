// The program that the README begins with, as a stranger runs it: copied into a folder of its own, outside of the
// repository, with what it says it needs and nothing else.
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@longwave/embedded/testing';

const FLAGS = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];
/** It ends by itself long before. */
const ENDS_WITHIN_MS = 60_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test('the five-minute start runs where it is copied to, and ends by itself', async () => {
  const folder = await temporaryFolder();
  try {
    await mkdir(join(folder.path, 'node_modules', '@longwave'), { recursive: true });
    await symlink(here('..'), join(folder.path, 'node_modules', '@longwave', 'messaging'));
    for (const name of ['uuid', 'zod']) {
      await symlink(here(`../node_modules/${name}`), join(folder.path, 'node_modules', name));
    }
    const readme = await readFile(here('../README.md'), 'utf8');
    const [, program = ''] = /```typescript\n(import .*?)```/s.exec(readme) ?? [];
    const file = join(folder.path, 'first.mts');
    await writeFile(file, program);
    const run = promisify(execFile)(process.execPath, [...FLAGS, file], { timeout: ENDS_WITHIN_MS });
    expect(await run).toEqual({ stdout: 'm1 reads 7\n', stderr: '' });
  } finally {
    await folder.remove();
  }
});
