// Which header fields go through, and which belong to one connection only (RFC 9110 §7.6.1). Works on raw headers, so
// that order, case and repeated fields (Set-Cookie) arrive as they were sent.

/** Field names and values in turn, as Node gives and takes them. */
export type RawHeaders = readonly string[];

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  // Trailers are dropped, as any intermediary may.
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Without hop-by-hop fields, those that `Connection` names, and those in `dropped` (lower case). */
export function endToEnd(raw: RawHeaders, dropped: ReadonlySet<string> = new Set()): string[] {
  const named = namedByConnection(raw);
  const kept: string[] = [];
  for (const [name, value] of fields(raw)) {
    const key = name.toLowerCase();
    if (!HOP_BY_HOP.has(key) && !named.has(key) && !dropped.has(key)) kept.push(name, value);
  }
  return kept;
}

function namedByConnection(raw: RawHeaders): ReadonlySet<string> {
  const names = [...fields(raw)]
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => !NEVER_BY_NAME.has(name)));
}

/** `Connection: host` must not make us send a request without one. */
const NEVER_BY_NAME: ReadonlySet<string> = new Set(['host', 'content-length', 'content-type']);

function* fields(raw: RawHeaders): Iterable<readonly [name: string, value: string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) yield [raw[index] ?? '', raw[index + 1] ?? ''];
}
