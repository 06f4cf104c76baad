// `npm run bench -- <name>`: runs the benchmark in bench/<name>. Without a name it says which there are.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { prepare } from './station/prepare.ts';
import { inRepository } from './station/repository.ts';

const names = (await readdir(inRepository('bench'), { withFileTypes: true }))
  // What benchmarks share is none.
  .filter((entry) => entry.isDirectory() && existsSync(inRepository('bench', entry.name, 'src', 'main.ts')))
  .map(({ name }) => name);
const [name, ...args] = process.argv.slice(2);

if (name !== undefined && names.includes(name)) {
  await prepare(['generate', '@longwave/dashboard#build']);
  const main = inRepository('bench', name, 'src', 'main.ts');
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
} else {
  console.log(`npm run bench -- <name>, where <name> is one of: ${names.join(', ')}`);
  process.exitCode = name === undefined ? 0 : 1;
}
if (process.connected) process.disconnect();
