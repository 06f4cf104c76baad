// Sends one file of a folder, or says that there is none. What is hard about it (paths that leave the folder, hidden
// files, conditional requests, types) is left to `send`, which Express uses for the same.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '@longwave/runtime';
import send from 'send';

const YEAR_SECONDS = 31_536_000;
/** The build names these by their content, so what was once at an address never changes. */
const HASHED = '/assets/';

/**
 * `path` is percent-encoded, as in a request. Resolves `missing` when there is no such file, `sent` when the answer is
 * over. Throws Problem 412 for a precondition that fails, and what the file system fails with.
 */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { root, path }: { readonly root: string; readonly path: string },
): Promise<'sent' | 'missing'> {
  const { promise, resolve, reject } = Promise.withResolvers<'sent' | 'missing'>();
  response.once('close', () => resolve('sent'));
  const file = send(request, path, {
    root,
    index: false,
    dotfiles: 'ignore',
    acceptRanges: false,
    cacheControl: false,
  });
  file.on('headers', () => response.setHeader('cache-control', cacheControlOf(path)));
  // A directory is no file; to redirect to its slash would tell that it is there.
  file.on('directory', () => resolve('missing'));
  file.on('error', (error: Error & { readonly status?: number }) => {
    const { status = 500 } = error;
    if (status === 412) reject(new Problem({ status, code: 'precondition-failed', cause: error }));
    else if (status < 500) resolve('missing');
    else reject(error);
  });
  file.pipe(response);
  return promise;
}

/** `no-cache`: kept, and asked for again with its ETag, so that a new build is seen at the next look. */
function cacheControlOf(path: string): string {
  return path.startsWith(HASHED) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache';
}
