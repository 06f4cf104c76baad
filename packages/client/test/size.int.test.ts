// What the core weighs in a page.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const CORE_BYTES_MAX = 5_000;

test('Z1 the core is at most 5 kB gzipped', async () => {
  const program = fileURLToPath(new URL('./support/core-bytes.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(Number(stdout)).toBeGreaterThan(500);
  expect(Number(stdout)).toBeLessThanOrEqual(CORE_BYTES_MAX);
});
