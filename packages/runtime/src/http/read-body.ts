// Collects the bytes of a request, up to a limit. Refuses early: a declared length that is too much is
// answered before a byte is read, and a stream as soon as it passes the limit, while the client still sends.
// Does not parse. Keeps Q4.
import type { IncomingMessage } from 'node:http';
import { payloadTooLarge } from '../problem/problems.ts';

/**
 * How long the rest of a refused body is read and thrown away. Closing at once would reset the connection,
 * and a client that is still sending would never see why.
 */
const lingerMs = 1000;

/**
 * The body's bytes; empty if there is none.
 * @throws Problem 413 `body-too-large`; ClientGoneError if it never ends
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw refuse(request, bytesMax);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytesCount = 0;
  request.on('data', (chunk: Buffer) => {
    bytesCount += chunk.length;
    if (bytesCount <= bytesMax) chunks.push(chunk);
    else {
      request.removeAllListeners('data');
      reject(refuse(request, bytesMax));
    }
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', (error) => reject(new ClientGoneError({ cause: error })));
  request.once('close', () => {
    if (!request.complete) reject(new ClientGoneError());
  });
  return promise;
}

/** The client closed the connection before its request was complete; there is nobody to answer. */
export class ClientGoneError extends Error {
  readonly code = 'client-gone';

  constructor(options?: ErrorOptions) {
    super('the client went away before its request was complete', options);
    this.name = 'ClientGoneError';
  }
}

function refuse(request: IncomingMessage, bytesMax: number): Error {
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMs);
  const stop = (): void => clearTimeout(timer);
  request.once('end', stop);
  request.socket.once('close', stop);
  return payloadTooLarge(bytesMax);
}
