// The head of a request for an event stream, read from the bytes of a connection. Not an HTTP parser: it knows one
// kind of request, in the one spelling that clients use, and everything else is somebody else's.
//
// H1  Whatever could be read in two ways is `other`: a second header of a name, a line that is folded or ends in a bare
//     LF, a body, an upgrade, another version or method. There is nothing to smuggle, because nothing is guessed.
// H2  A head that is not whole after HEAD_BYTES_MAX is `other`.

export type RequestHead = {
  /** Path and query as they came. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
};

/** Node's own limit, so that the same requests are refused, by it. */
const HEAD_BYTES_MAX = 16 * 1024;
const BEGINNING = Buffer.from('GET /events?');
const END = Buffer.from('\r\n\r\n');
const REQUEST_LINE = /^GET (\/events\?[!-~]*) HTTP\/1\.1$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
/** They say that more than a head is coming, or that something else is wanted. */
const REFUSED = ['content-length', 'transfer-encoding', 'upgrade', 'expect'];

/** `incomplete`: ask again when there are more bytes. */
export function readRequestHead(bytes: Buffer): RequestHead | 'incomplete' | 'other' {
  const known = Math.min(bytes.length, BEGINNING.length);
  if (BEGINNING.compare(bytes, 0, known, 0, known) !== 0) return 'other';
  const end = bytes.indexOf(END);
  if (end > HEAD_BYTES_MAX || (end === -1 && bytes.length > HEAD_BYTES_MAX)) return 'other'; // (H2)
  return end === -1 ? 'incomplete' : parse(bytes.toString('latin1', 0, end));
}

function parse(text: string): RequestHead | 'other' {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const target = REQUEST_LINE.exec(requestLine)?.[1];
  if (target === undefined) return 'other';
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return 'other';
    headers.set(name.toLowerCase(), value);
  }
  const isPlain = headers.size === lines.length && headers.has('host') && !REFUSED.some((name) => headers.has(name));
  return isPlain ? { target, headers } : 'other';
}
