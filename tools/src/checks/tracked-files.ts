// The files that belong to the repository: those git knows, and those it would take. Also works in a copy without git.
import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../station/repository.ts';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Paths from the root, `/` between, of the files whose names match one of `patterns` (`*.md`). */
export async function trackedFiles(...patterns: readonly string[]): Promise<readonly string[]> {
  try {
    const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...patterns];
    const { stdout } = await run('git', args, { cwd: repositoryRoot, maxBuffer: OUTPUT_BYTES_MAX });
    const deleted = await run('git', ['ls-files', '--deleted'], { cwd: repositoryRoot, maxBuffer: OUTPUT_BYTES_MAX });
    const gone = new Set(deleted.stdout.split('\n'));
    return stdout.split('\n').filter((path) => path !== '' && !gone.has(path));
  } catch {
    return untracked(patterns);
  }
}

const NOT_OURS = new Set(['node_modules', 'dist', 'generated', '.turbo', '.longwave', '.git']);

async function untracked(patterns: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const exclude = (name: string): boolean => NOT_OURS.has(name.split('/').at(-1) ?? '');
  for await (const path of glob(
    patterns.map((pattern) => `**/${pattern}`),
    { cwd: repositoryRoot, exclude },
  ))
    found.push(path);
  return found.toSorted();
}
