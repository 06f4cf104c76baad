// Whether a payload can be shown inside a JSON answer as its own bytes. Parsing and writing it again would round
// integers beyond 2^53, drop repeated names and tidy up escapes; evidence is shown as it is, or as base64.

/** Deeper texts break the recursive parsers of those who read the answer, and with it the whole page. */
const NESTING_MAX = 100;

/** The payload as text when it is exactly one JSON text (RFC 8259) in UTF-8 without a byte order mark. */
export function jsonTextOf(payload: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    JSON.parse(text);
    return nestingOf(text) <= NESTING_MAX ? text : undefined;
  } catch {
    // Not UTF-8 or not JSON: which is the answer.
    return undefined;
  }
}

/** `text` is valid JSON, so brackets outside of strings are balanced. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
