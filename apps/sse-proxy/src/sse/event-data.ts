// The `data:` line of a message, made once and shared by everyone who hears it:
// `{ "subject", "id", "time", "message" }`, or `messageBase64` for a payload that is not JSON. (S6)
//
// D1  A payload cannot forge the wrapper: it is embedded only when it is exactly one JSON text.
// D2  Its bytes are not parsed and written again, so that 64-bit integers and the order of names survive.
// D3  The result is one line whatever the payload holds. (F1)
import { isUtf8 } from 'node:buffer';
import { idOf, type StoredMessage } from '@longwave/messaging/contract';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The line and the empty line that ends the event. `time` is when the stream stored the message. */
export function encodeEventData(message: StoredMessage): Buffer {
  const { subject, storedAt, payload } = message;
  const start = `data: {"subject":${JSON.stringify(subject)},"id":${JSON.stringify(idOf(message))},"time":"${storedAt.toISOString()}",`;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (!isJsonText(bytes)) return Buffer.from(`${start}"messageBase64":"${bytes.toString('base64')}"}\n\n`);
  return Buffer.concat([Buffer.from(`${start}"message":`), onOneLine(bytes), END]);
}

const END = Buffer.from('}\n\n');

/** The JSON text of such a line. */
export function jsonOf(data: Buffer): Buffer {
  return data.subarray('data: '.length, -'\n\n'.length);
}

/** (D1) UTF-8 first: a decoder that replaces what it cannot read would let other bytes out than were checked. */
function isJsonText(bytes: Buffer): boolean {
  if (bytes.length === 0 || !isUtf8(bytes)) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    // A SyntaxError is the only failure, and the answer.
    return false;
  }
}

/** (D3) In a JSON text a bare CR or LF can only be white space between tokens, so a space means the same. */
function onOneLine(json: Buffer): Buffer {
  if (!json.includes(LF) && !json.includes(CR)) return json;
  return json.map((byte) => (byte === LF || byte === CR ? SPACE : byte)) as Buffer; // Buffer's map gives a Buffer
}
