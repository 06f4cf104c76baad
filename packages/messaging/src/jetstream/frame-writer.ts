// Publishes as bytes, in the buffer that goes to the socket. `publish` of nats.js encodes the protocol line into an array
// of its own, then the headers, queues both beside the payload and copies all three together before it writes: that is
// more than half of what a publish costs. Here each frame is written once, to where it stays, and many go to the socket
// with one write.
//
// What `publish` of nats.js checks is checked by who calls (P6): subject, headers, size. Its counters of messages and
// bytes (`stats()`) do not see these.
import type { NatsConnection } from '@nats-io/nats-core';
import { NatsConnectionImpl } from '@nats-io/nats-core/internal';
import type { OutgoingMessage } from '../contract/encode.ts';
import { headerText } from './header-block.ts';

/** As much as a socket takes in one go; a larger frame has a chunk of its own. */
const CHUNK_BYTES = 64 * 1024;
const LINE_BREAK_BYTES = 2;
/**
 * What is written at once, before the turn is over: some forty messages. The server works on them while this process makes
 * the next; who waits for the end of a turn makes it wait, and then waits for it.
 */
const WRITE_BYTES = 32 * 1024;

export class FrameWriter {
  readonly #nats: NatsConnectionImpl;
  /** Never written twice: what lies before `#start` may still be on its way out. */
  #chunk = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** Throws TypeError for a connection that is not of nats.js. */
  constructor(connection: NatsConnection) {
    if (!(connection instanceof NatsConnectionImpl)) throw new TypeError('the connection is not one of nats.js');
    this.#nats = connection;
  }

  /** Throws TypeError for a header that cannot be sent, RangeError for more bytes than the server takes; writes nothing then. */
  write({ subject, headers, payload }: OutgoingMessage, reply: string): void {
    const block = headerText(headers);
    const blockBytes = Buffer.byteLength(block);
    const bytes = blockBytes + payload.byteLength;
    const bytesMax = this.#nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (bytes > bytesMax) throw new RangeError(`it has ${bytes} bytes; nats-server takes ${bytesMax}`);
    const line = `HPUB ${subject} ${reply} ${blockBytes} ${bytes}\r\n`;
    this.#reserve(line.length + bytes + LINE_BREAK_BYTES);
    this.#end += this.#chunk.write(line + block, this.#end);
    this.#chunk.set(payload, this.#end);
    this.#end += payload.byteLength;
    this.#end += this.#chunk.write('\r\n', this.#end);
    if (this.#end - this.#start >= WRITE_BYTES) this.#flush();
  }

  #reserve(bytes: number): void {
    if (this.#chunk.length - this.#end < bytes) {
      this.#flush();
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(bytes, CHUNK_BYTES));
      this.#start = 0;
      this.#end = 0;
    }
    // Nothing waits, so nobody flushes yet.
    if (this.#start === this.#end) queueMicrotask(() => this.#flush());
  }

  /** nats.js writes it, or drops it when the connection is lost. */
  #flush(): void {
    if (this.#start === this.#end) return;
    const { protocol } = this.#nats;
    protocol.sendCommand(this.#chunk.subarray(this.#start, this.#end));
    this.#start = this.#end;
    // By itself it would wait for the end of the turn. In brackets, as nats.js declares it private.
    protocol['flushPending']();
  }
}
