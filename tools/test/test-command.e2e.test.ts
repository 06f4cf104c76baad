// What `npm test` ends with is what CI goes by: the counts in its last line and the exit code beside them.
import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { inRepository } from '../src/station/repository.ts';

/** `npm test -- --only unit <path>`, as the bootstrap process starts it. */
const runTests = (path: string) =>
  new Promise<{ readonly code: number; readonly lastLine: string | undefined }>((resolve) => {
    const args = [inRepository('tools', 'bootstrap.mjs'), 'tools/src/test.ts', '--only', 'unit', path];
    const child = execFile(process.execPath, args, { cwd: inRepository() }, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, lastLine: stdout.trimEnd().split('\n').at(-1) }),
    );
  });

test('a run in which all tests passed ends with 0', async () => {
  const { code, lastLine } = await runTests('tools/src/station/explain-failure.test.ts');
  expect(lastLine).toMatch(/^[1-9]\d* passed, 0 failed$/);
  expect(code).toBe(0);
});

test('a run that tested nothing ends with 1', async () => {
  expect(await runTests('no/such/test.ts')).toEqual({ code: 1, lastLine: '0 passed, 0 failed' });
});
