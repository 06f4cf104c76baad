// Our headers as nats.js sends them. Its own `set` canonicalises every name, character by character, on every publish;
// names are constants here, so looking whether they can be sent is enough.
import { MsgHdrsImpl, type MsgHdrs } from '@nats-io/nats-core/internal';
import type { Headers } from '../contract/metadata.ts';

const NAME = /^[\x21-\x39\x3B-\x7E]+$/;
const LINE_BREAK = /[\r\n]/;

/** Throws TypeError for a header that cannot be sent: such a message never will be. */
export function encodeHeaders(headers: Headers): MsgHdrs {
  let block = 'NATS/1.0\r\n';
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!NAME.test(name) || LINE_BREAK.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(name)} has a name or a value that cannot be sent`);
    }
    block += `${name}: ${value}\r\n`;
  }
  return new HeaderBlock(`${block}\r\n`);
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
