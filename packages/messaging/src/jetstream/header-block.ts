// Our headers as nats.js sends them. Its own `set` canonicalises every name, character by character, on every publish;
// names are constants here, so looking whether they can be sent is enough.
import { MsgHdrsImpl, type MsgHdrs } from '@nats-io/nats-core/internal';
import type { Headers } from '../contract/metadata.ts';

const NAME = /^[\x21-\x39\x3B-\x7E]+$/;
const LINE_BREAK = /[\r\n]/;

/** Throws TypeError for a header that cannot be sent: such a message never will be. */
export function encodeHeaders(headers: Headers): MsgHdrs {
  const encoded = new MsgHdrsImpl();
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name) || LINE_BREAK.test(value)) {
      throw new TypeError(`the header ${JSON.stringify(name)} has a name or a value that cannot be sent`);
    }
    encoded.headers.set(name, [value]);
  }
  return encoded;
}
