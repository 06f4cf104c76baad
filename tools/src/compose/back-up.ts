// `npm run backup -- <folder>`: copies the stores of the running stack into an empty folder. Writes get 503 meanwhile.
import { resolve } from 'node:path';
import { findCompose } from './find-compose.ts';
import { runCommandLine } from './run-command-line.ts';
import { createStack } from './stack.ts';
import { takeBackup } from './take-backup.ts';

await runCommandLine('npm run backup -- <folder>', async (folder) => {
  const stack = createStack({ command: await findCompose(process.env), environment: process.env });
  const { nats, postgres, heldMs } = await takeBackup(stack, resolve(folder), () => new Date());
  const megabytes = ((nats.bytes + postgres.bytes) / 1e6).toFixed(1);
  console.log(`${folder}: ${megabytes} MB. Writes were refused for ${(heldMs / 1_000).toFixed(1)} s.`);
});
