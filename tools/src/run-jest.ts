// One Jest run of one kind of test, with its counts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { inRepository, repositoryRoot } from './station/repository.ts';

export const testKinds = ['unit', 'int', 'e2e'] as const;
export type TestKind = (typeof testKinds)[number];

export type Counts = { readonly passed: number; readonly failed: number };

const countsSchema = z.object({ passed: z.int(), failed: z.int() });

export async function runJest(
  kind: TestKind,
  options: { readonly paths: readonly string[]; readonly soak: boolean },
): Promise<Counts> {
  console.log(`\n${kind} tests`);
  const folder = await mkdtemp(join(tmpdir(), 'longwave-counts-'));
  try {
    const file = join(folder, 'counts.json');
    const code = await jest(kind, file, options);
    const counts = await readCounts(file);
    // Jest can fail without a failed test: a leak, a crash, a bad configuration. That is a failure, too.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function jest(
  kind: TestKind,
  countsFile: string,
  { paths, soak }: { readonly paths: readonly string[]; readonly soak: boolean },
): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      '--conditions=@longwave/source',
      inRepository('tools/node_modules/jest/bin/jest.js'),
      '--config',
      inRepository('tools/jest/jest.config.mjs'),
      '--passWithNoTests',
      ...paths,
    ],
    {
      cwd: repositoryRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        LONGWAVE_TESTS: kind,
        LONGWAVE_TEST_COUNTS: countsFile,
        ...(soak ? { LONGWAVE_SOAK: '1' } : {}),
      },
    },
  );
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : null;
}

async function readCounts(file: string): Promise<Counts> {
  try {
    return countsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Jest ended before it could count.
    return { passed: 0, failed: 1 };
  }
}
