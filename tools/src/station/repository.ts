// Where things are in this repository, for the tools that run them.
import { fileURLToPath } from 'node:url';

export const repositoryRoot: string = fileURLToPath(new URL('../../..', import.meta.url));

/** A path below the repository's root. */
export function inRepository(...parts: readonly string[]): string {
  return [repositoryRoot.replace(/\/$/, ''), ...parts].join('/');
}
