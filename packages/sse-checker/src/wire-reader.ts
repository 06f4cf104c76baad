// Reads an HTTP/1.1 answer and the event stream in it from bytes as they come. Written for the checker alone: what
// judges a server and its clients must not share a parser with either.
import type { WireEvent } from './target.ts';

export type Head = { readonly status: number; readonly headers: ReadonlyMap<string, string> };

export type WireListener = {
  onHead(head: Head): void;
  onEvent(event: WireEvent): void;
  /** The last event id moved, with or without an event. */
  onId(id: string): void;
  onRetry(retryMs: number): void;
  /** The body says that it is over; the connection may stay open for another request. A body without length ends with it. */
  onEnd(): void;
};

export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code = 'not-http';
}

type State = 'head' | 'size' | 'chunk' | 'chunk-end' | 'measured' | 'body' | 'end';

const HEAD_BYTES_MAX = 64 * 1024;
const HEAD_END = '\r\n\r\n';

export class WireReader {
  readonly #listener: WireListener;
  readonly #text = new TextDecoder();
  readonly #lines: EventLines;
  #state: State = 'head';
  #bytes: Buffer = Buffer.alloc(0);
  /** Of a chunk, or of a body that says its length. */
  #bytesLeft = 0;

  constructor(listener: WireListener) {
    this.#listener = listener;
    this.#lines = new EventLines(listener);
  }

  /** Throws WireError for what is no answer of HTTP/1.1. */
  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length > 0 && this.#step());
  }

  /** False: more bytes are needed first. */
  #step(): boolean {
    if (this.#state === 'head') return this.#readHead();
    if (this.#state === 'size') return this.#readSize();
    if (this.#state === 'chunk') return this.#readChunk();
    if (this.#state === 'chunk-end') return this.#skipChunkEnd();
    if (this.#state === 'measured') return this.#readMeasured();
    if (this.#state === 'body') this.#readText(this.#take(this.#bytes.length));
    else this.#take(this.#bytes.length);
    return false;
  }

  #readHead(): boolean {
    const end = this.#bytes.indexOf(HEAD_END);
    if (end === -1 && this.#bytes.length > HEAD_BYTES_MAX) throw new WireError('the head of the answer has no end');
    if (end === -1) return false;
    const [first = '', ...fields] = this.#take(end + HEAD_END.length)
      .toString('latin1')
      .trimEnd()
      .split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
    if (status === undefined) throw new WireError(`not an answer of HTTP/1.1: ${first.slice(0, 80)}`);
    const headers = new Map(fields.map(readField));
    const length = headers.get('content-length');
    if (headers.get('transfer-encoding') === 'chunked') this.#state = 'size';
    else this.#state = length === undefined ? 'body' : 'measured';
    this.#bytesLeft = Number(length ?? 0);
    this.#listener.onHead({ status: Number(status), headers });
    if (this.#state === 'measured' && this.#bytesLeft === 0) this.#finish();
    return true;
  }

  #readSize(): boolean {
    const end = this.#bytes.indexOf('\r\n');
    if (end === -1) return false;
    const size = Number.parseInt(this.#take(end + 2).toString('latin1'), 16);
    if (!Number.isSafeInteger(size)) throw new WireError('a chunk without a size');
    this.#bytesLeft = size;
    this.#state = 'chunk';
    if (size === 0) this.#finish();
    return true;
  }

  #readChunk(): boolean {
    this.#readPiece();
    if (this.#bytesLeft === 0) this.#state = 'chunk-end';
    return true;
  }

  #readMeasured(): boolean {
    this.#readPiece();
    if (this.#bytesLeft === 0) this.#finish();
    return true;
  }

  #readPiece(): void {
    const piece = this.#take(Math.min(this.#bytesLeft, this.#bytes.length));
    this.#bytesLeft -= piece.length;
    this.#readText(piece);
  }

  /** What follows is trailers, or no part of this answer. */
  #finish(): void {
    this.#state = 'end';
    this.#listener.onEnd();
  }

  #skipChunkEnd(): boolean {
    if (this.#bytes.length < 2) return false;
    this.#take(2);
    this.#state = 'size';
    return true;
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  #readText(bytes: Buffer): void {
    this.#lines.push(this.#text.decode(bytes, { stream: true }));
  }
}

function readField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Lines of an event stream, as the HTML standard reads them, one character class at a time. */
class EventLines {
  readonly #listener: WireListener;
  #rest = '';
  #afterReturn = false;
  #type = '';
  #data: string[] = [];
  #id = '';

  constructor(listener: WireListener) {
    this.#listener = listener;
  }

  push(text: string): void {
    let start = 0;
    for (let index = 0; index < text.length; index += 1) {
      const character = text.charCodeAt(index);
      const isLineFeed = character === 0x0a;
      if (isLineFeed && this.#afterReturn && index === start && this.#rest === '') start = index + 1;
      else if (isLineFeed || character === 0x0d) {
        this.#line(this.#rest + text.slice(start, index));
        this.#rest = '';
        start = index + 1;
      }
      this.#afterReturn = character === 0x0d;
    }
    this.#rest += text.slice(start);
  }

  #line(line: string): void {
    if (line === '') return this.#dispatch();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? [];
    if (field === 'event') this.#type = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    if (field === 'retry' && /^[0-9]+$/.test(value)) this.#listener.onRetry(Number(value));
  }

  #dispatch(): void {
    const [type, data, id] = [this.#type, this.#data, this.#id];
    this.#type = '';
    this.#data = [];
    this.#listener.onId(id);
    if (data.length > 0) this.#listener.onEvent({ type: type === '' ? 'message' : type, data: data.join('\n'), id });
  }
}
