// Speaks HTTP by hand over a socket, to send what no client library would and to see what arrives when.
import { connect, type Socket } from 'node:net';

export type RawConnection = {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: () => string;
  readonly closed: Promise<void>;
};

export function openRaw(port: number, text = ''): RawConnection {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A server that cuts the connection is what many of these tests provoke.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.write(text, 'latin1');
  return { socket, received: () => Buffer.concat(chunks).toString('latin1'), closed };
}

/** Sends the text and collects the answer until the server closes the connection. */
export async function exchangeRaw(port: number, text: string): Promise<string> {
  const connection = openRaw(port, text);
  await connection.closed;
  return connection.received();
}

/** A GET of a target exactly as it is written. */
export function getRaw(port: number, target: string, headers: readonly string[] = []): Promise<string> {
  return exchangeRaw(
    port,
    [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n'),
  );
}
