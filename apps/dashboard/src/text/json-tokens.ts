// JSON, indented and cut into tokens that can be coloured. For reading, not for parsing.

export type JsonToken = {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'punctuation';
  readonly text: string;
};

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([^"\-\dtfn]+|.)/g;

/** The tokens of `value` printed with two spaces; put together again they are exactly that text. */
export function jsonTokens(value: unknown): readonly JsonToken[] {
  const tokens: JsonToken[] = [];
  for (const [text, string, colon, number, word] of (JSON.stringify(value, null, 2) ?? '').matchAll(TOKEN)) {
    if (string !== undefined && colon !== undefined) {
      tokens.push({ kind: 'key', text: string }, { kind: 'punctuation', text: colon });
    } else if (string !== undefined) tokens.push({ kind: 'string', text });
    else if (number !== undefined) tokens.push({ kind: 'number', text });
    else tokens.push({ kind: word === undefined ? 'punctuation' : 'word', text });
  }
  return tokens;
}
