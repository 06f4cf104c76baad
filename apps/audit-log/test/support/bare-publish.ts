// Publishing as a stranger could: over a bare socket, with headers and subjects that no client library would send.
import { once } from 'node:events';
import { connect } from 'node:net';

/** `headers`: whole lines, without the status line. Resolves when the server has taken it. */
export async function publishBare(
  port: number,
  message: { readonly subject: string; readonly headers: readonly string[]; readonly payload: string | Uint8Array },
): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const headers = Buffer.from(`NATS/1.0\r\n${message.headers.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1');
  const payload = Buffer.from(message.payload);
  const sizes = `${headers.length} ${headers.length + payload.length}`;
  socket.write(
    Buffer.from(`CONNECT {"verbose":false,"headers":true}\r\nHPUB ${message.subject} ${sizes}\r\n`, 'latin1'),
  );
  socket.write(Buffer.concat([headers, payload, Buffer.from('\r\nPING\r\n')]));
  let answer = '';
  while (!answer.includes('PONG')) answer += String((await once(socket, 'data'))[0]);
  socket.destroy();
}
