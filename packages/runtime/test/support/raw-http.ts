// Speaks HTTP by hand over a socket, to send what no client library would.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export type RawConnection = {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: () => string;
  readonly closed: Promise<void>;
};

export function openRaw(port: number): RawConnection {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A server that cuts the connection is what many of these tests provoke.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  return { socket, received: () => Buffer.concat(chunks).toString('latin1'), closed };
}

/** Sends the text and collects the answer until the server closes the connection. */
export async function exchangeRaw(port: number, text: string): Promise<string> {
  const connection = openRaw(port);
  connection.socket.write(text, 'latin1');
  await connection.closed;
  return connection.received();
}
