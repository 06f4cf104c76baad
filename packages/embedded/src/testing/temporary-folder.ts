// A folder for a test file. Removing it is the test's; what a killed run leaves behind goes with the next sweep (E6).
import { rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '../temporary-folder.ts';

export type TemporaryFolder = {
  readonly path: string;
  /** May be called while a dying process still writes there. */
  remove(): Promise<void>;
};

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await makeTemporaryFolder('test');
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
