// Our headers as nats.js sends them. Its own `set` canonicalises every name, character by character, on every publish;
// names are constants here, so looking whether they can be sent is enough.
import { MsgHdrsImpl, type MsgHdrs } from '@nats-io/nats-core/internal';
import type { Headers } from '../contract/metadata.ts';
import { complaintAboutHeader } from '../contract/sendable.ts';

/** Throws TypeError for a header that cannot be sent: such a message never will be. */
export function encodeHeaders(headers: Headers): MsgHdrs {
  return new HeaderBlock(headerText(headers));
}

/** As they go over the wire, with the empty line at their end. Throws as above. */
export function headerText(headers: Headers): string {
  let block = 'NATS/1.0\r\n';
  for (const name in headers) {
    const value = headers[name] ?? '';
    const complaint = complaintAboutHeader(name, value);
    if (complaint !== null) throw new TypeError(complaint);
    block += `${name}: ${value}\r\n`;
  }
  return `${block}\r\n`;
}

/** All that publishing asks of headers is their bytes: kept as text, they need no map of lists on the way. */
class HeaderBlock extends MsgHdrsImpl {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override encode(): Uint8Array {
    return Buffer.from(this.#text);
  }
}
