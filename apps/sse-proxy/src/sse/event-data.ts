// The `data:` line of a message, made once and shared by everyone who hears it:
// `{ "subject", "id", "time", "message" }`, or `messageBase64` for a payload that is not JSON. (S6)
//
// D1  A payload cannot forge the wrapper: it is embedded only when it is exactly one JSON text.
// D2  Its bytes are not parsed and written again, so that 64-bit integers and the order of names survive.
// D3  The result is one line whatever the payload holds. (F1)
import { isUtf8 } from 'node:buffer';
import { idOf, type StoredMessage } from '@longwave/messaging/contract';

/** The line and the empty line that ends the event. `time` is when the stream stored the message. */
export function encodeEventData(message: StoredMessage): Buffer {
  const { subject, storedAt, payload } = message;
  const start = `data: {"subject":${JSON.stringify(subject)},"id":${JSON.stringify(idOf(message))},"time":"${storedAt.toISOString()}",`;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const json = jsonTextOf(bytes);
  // One string and one Buffer: this is most of what a message costs here, and of what a replay costs in all.
  if (json === null) return Buffer.from(`${start}"messageBase64":"${bytes.toString('base64')}"}\n\n`);
  return Buffer.from(`${start}"message":${onOneLine(json)}}\n\n`);
}

/** The JSON text of such a line. */
export function jsonOf(data: Buffer): Buffer {
  return data.subarray('data: '.length, -'\n\n'.length);
}

/**
 * The text of a payload that is one JSON text, else null. (D1) UTF-8 first: a decoder that replaces what it cannot read
 * would let other bytes out than came. What is UTF-8 is the same bytes again when it is written.
 */
function jsonTextOf(bytes: Buffer): string | null {
  if (bytes.length === 0 || !isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    // A SyntaxError is the only failure, and the answer.
    return null;
  }
}

/** (D3) In a JSON text a bare CR or LF can only be white space between tokens, so a space means the same. */
function onOneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\r\n]/g, ' ') : json;
}
