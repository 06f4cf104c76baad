// The headers of a message that has come, as the plain value that the rest of the package works with. nats.js makes a map
// of lists of them first, which nobody here needs: of a name that comes twice the first value counts. Walking the block
// once costs 1 µs for our thirteen headers, the map and a copy of it 2.8.
import { MsgImpl, type Msg } from '@nats-io/nats-core/internal';
import type { Headers } from '../contract/metadata.ts';

const utf8 = new TextDecoder();
const SPACE = 32;
const COLON = 58;
/** More names than any message has that is one of many. */
const NAMES_MAX = 32;

/** Reads messages that follow one another: most have the names of the one before, which are then not made anew. */
export class HeaderReader {
  readonly #names: string[] = [];

  /** Always a new object; takes every block that nats-server stores (F1). */
  read(message: Msg | MsgImpl): Headers {
    // nats.js has one class of messages, and these two fields are what its own `headers` is made of.
    if (message instanceof MsgImpl) return message._msg.hdr > 0 ? this.#walk(blockOf(message)) : {};
    const plain: Record<string, string> = {};
    for (const [name, values] of message.headers ?? []) plain[name] = values[0] ?? '';
    return plain;
  }

  /** The first line is a status. Lines without a colon say nothing and are passed over, as nats.js does. */
  #walk(block: string): Headers {
    const plain: Record<string, string> = {};
    let end = lineEnd(block, 0);
    for (let line = 0; end < block.length; line += 1) {
      const start = end + 2;
      end = lineEnd(block, start);
      const name = this.#nameAt(block, start, end, line);
      if (name === null || Object.hasOwn(plain, name)) continue;
      const colon = start + name.length;
      const value = block.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
      plain[name] = block.slice(value, end).trim();
    }
    return plain;
  }

  /** Null: there is none. */
  #nameAt(block: string, start: number, end: number, line: number): string | null {
    const last = this.#names[line];
    if (last !== undefined && block.startsWith(last, start) && block.charCodeAt(start + last.length) === COLON)
      return last;
    const colon = block.indexOf(':', start);
    if (colon === -1 || colon >= end) return null;
    const name = block.slice(start, colon);
    // Lines without a name leave no holes.
    if (line <= this.#names.length && line < NAMES_MAX) this.#names[line] = name;
    return name;
  }
}

/** A message that came in one piece is a Buffer, and that decodes without making a view first. */
function blockOf({ _rdata: bytes, _msg: { hdr: end } }: MsgImpl): string {
  return bytes instanceof Buffer ? bytes.toString('utf8', 0, end) : utf8.decode(bytes.subarray(0, end));
}

function lineEnd(block: string, start: number): number {
  const end = block.indexOf('\r\n', start);
  return end === -1 ? block.length : end;
}
