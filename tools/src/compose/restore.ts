// `npm run restore -- <folder>`: puts a backup into a stack that has no data yet; `docker compose up` starts it then.
import { resolve } from 'node:path';
import { findCompose } from './find-compose.ts';
import { restoreBackup } from './restore-backup.ts';
import { runCommandLine } from './run-command-line.ts';
import { createStack } from './stack.ts';

await runCommandLine('npm run restore -- <folder>', async (folder) => {
  const stack = createStack({ command: await findCompose(process.env), environment: process.env });
  const { takenAt } = await restoreBackup(stack, resolve(folder));
  console.log(`Restored what was at ${takenAt}. Start it: docker compose up --build`);
});
