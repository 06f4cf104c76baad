// Core messages as they go over the wire, each as one array of bytes. `publish` of nats.js encodes line, headers and
// payload apart and queues them apart: twice the cost for an acknowledgement (0.5 instead of 0.3 µs), and more for a request.
// They are queued where nats.js queues its own, so all that is sent over a connection stays in order.
//
// What `publish` of nats.js checks is checked by who calls: subjects, and that the connection is not closed. Its counters
// of messages and bytes (`stats()`) do not see these.
import type { NatsConnection } from '@nats-io/nats-core';
import { NatsConnectionImpl } from '@nats-io/nats-core/internal';
import type { LiveMessage } from '../ports.ts';
import { headerText } from './header-block.ts';

const LINE_BREAK = '\r\n';

export function textFrame(subject: string, text: string): Uint8Array {
  return Buffer.from(`PUB ${subject} ${Buffer.byteLength(text)}\r\n${text}\r\n`);
}

/** Throws TypeError for a header that cannot be sent, and for more bytes than `bytesMax`. */
export function messageFrame({ subject, headers, payload, replyTo = '' }: LiveMessage, bytesMax: number): Uint8Array {
  const block = headerText(headers);
  const blockBytes = Buffer.byteLength(block);
  const bytes = blockBytes + payload.byteLength;
  if (bytes > bytesMax) throw new TypeError(`it has ${bytes} bytes; nats-server takes ${bytesMax}`);
  const line = `HPUB ${subject} ${replyTo}${replyTo === '' ? '' : ' '}${blockBytes} ${bytes}${LINE_BREAK}`;
  const frame = Buffer.allocUnsafe(line.length + bytes + LINE_BREAK.length);
  const start = frame.write(line + block);
  frame.set(payload, start);
  frame.write(LINE_BREAK, start + payload.byteLength);
  return frame;
}

/** Throws TypeError for a connection that is not of nats.js. */
export function sendFrame(connection: NatsConnection, frame: Uint8Array): void {
  if (!(connection instanceof NatsConnectionImpl)) throw new TypeError('the connection is not one of nats.js');
  connection.protocol.sendCommand(frame);
}
