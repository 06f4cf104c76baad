// RFC 6901: where in a JSON document something is, as text.

/** `['a/b', 0]` → `/a~1b/0`; the whole document is the empty string. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
