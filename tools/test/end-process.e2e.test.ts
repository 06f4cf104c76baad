// The end of a child process, with real ones that talk to the last moment or do not listen.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { endProcess } from '../src/station/end-process.ts';

const WITHIN_MS = 5_000;

async function startScript(onTerm: string): Promise<{ readonly child: ChildProcess; readonly heard: () => string }> {
  const script = `process.on('SIGTERM', () => { ${onTerm} }); setInterval(() => {}, 1000); console.log('ready');`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child.stdout, 'data');
  return { child, heard: () => text };
}

test('what a process writes last is heard before it is over', async () => {
  const { child, heard } = await startScript(
    `require('node:child_process').spawn('sh', ['-c', 'sleep 0.2; echo last'], { stdio: 'inherit' }); process.exit()`,
  );
  await endProcess(child, WITHIN_MS);
  expect(heard()).toMatch(/last\n$/);
});

test('a process that does not listen is killed', async () => {
  const { child } = await startScript('');
  await endProcess(child, 50);
  expect(child.signalCode).toBe('SIGKILL');
});
