// The floor, compiled when there is a compiler: nobody can tell N clients with fewer instructions than N send() calls.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@longwave/embedded/testing';
import type { Contender } from './contender.ts';

const run = promisify(execFile);

/** Null without a C compiler. */
export async function startSendLoop(): Promise<Contender | null> {
  const folder = await temporaryFolder();
  const program = join(folder.path, 'send-loop');
  const source = fileURLToPath(new URL('./send-loop.c', import.meta.url));
  try {
    await run('cc', ['-O2', '-o', program, source]);
  } catch {
    await folder.remove();
    return null;
  }
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const port = Number((await lines.next()).value);
  return {
    name: 'C send() loop',
    pids: child.pid === undefined ? [] : [child.pid],
    port,
    path: '/',
    publish: async () => {
      child.stdin.write('\n');
      await lines.next();
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      await folder.remove();
    },
  };
}
