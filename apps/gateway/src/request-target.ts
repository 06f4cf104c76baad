// Reads what a request asks for, and refuses what two readers could understand differently: whatever decides here which
// service a path belongs to must be what that service sees (G2). The target itself is passed on as it came (G1).
import { Problem } from '@longwave/runtime';

export type RequestTarget = {
  /** As received, up to the `?`. */
  readonly path: string;
  /** What lies between the first two slashes, as received: `steering` of `/steering/api/v1/shows/`. */
  readonly firstSegment: string;
};

/** Throws Problem 400 `invalid-path`. */
export function readTarget(target: string): RequestTarget {
  const [path = ''] = target.split('?', 1);
  const problem = faultOf(path);
  if (problem !== undefined) throw new Problem({ status: 400, code: 'invalid-path', detail: problem });
  return { path, firstSegment: path.split('/', 2)[1] ?? '' };
}

function faultOf(path: string): string | undefined {
  // `GET http://elsewhere/`: only clients of a forward proxy ask like this.
  if (!path.startsWith('/')) return 'The path must begin with a slash.';
  // `//steering` is a path to us and another host to whoever resolves it as a reference.
  if (path.startsWith('//')) return 'The path begins with more than one slash.';
  if (/[\\#]/.test(path)) return 'The path has a backslash or a # that is not escaped.';
  const text = decode(path);
  if (text === undefined) return 'The path has a broken % escape.';
  if (text.includes('\0')) return 'The path has a NUL character.';
  // After decoding, and also between escaped slashes: an upstream may decode before it splits.
  return text.split(/[/\\]/).some(isDotSegment) ? 'The path has a . or .. between its slashes.' : undefined;
}

function isDotSegment(segment: string): boolean {
  return segment === '.' || segment === '..';
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // URIError is the only failure, and the answer.
    return undefined;
  }
}
