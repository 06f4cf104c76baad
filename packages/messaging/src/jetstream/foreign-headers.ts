// Header blocks as strangers write them. nats.js throws for a name with a space or a non-ASCII character and for a lone
// CR or LF in a value, yet nats-server stores such messages; and what is thrown while a message is read ends the
// connection. One message would cut off every consumer of its stream, and again after each reconnect.
import { MsgHdrsImpl } from '@nats-io/nats-core/internal';

/**
 * Makes nats.js take every header block (F1). It parses in one static method that all of its own code uses, too, so
 * that is what is replaced, for the whole process; doing so again changes nothing.
 */
export function acceptForeignHeaders(): void {
  MsgHdrsImpl.decode = decodeHeaders;
}

const utf8 = new TextDecoder();

/** Lines without a colon say nothing and are passed over, as nats.js does. */
function decodeHeaders(block: Uint8Array): MsgHdrsImpl {
  const [first = '', ...lines] = utf8.decode(block).split('\r\n');
  const [, code = '0', description = ''] = /^NATS\/1\.0\s*(\d+)\s*(.*)$/s.exec(first) ?? [];
  const decoded = new MsgHdrsImpl(Number(code), description.trim());
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const name = line.slice(0, colon);
    const values = decoded.headers.get(name) ?? [];
    values.push(line.slice(colon + 1).trim());
    decoded.headers.set(name, values);
  }
  return decoded;
}
