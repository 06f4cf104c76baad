// Answers what Node's parser refuses before there is a request: floods of headers, endless URLs, requests that
// take too long, things that are not HTTP. Written by hand on the socket, as there is no response object. Keeps Q4.
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../problem/problem.ts';

/** What Node adds to the error of a parser. */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/** A listener for the `clientError` of this server. */
export function answerClientError(server: Server): (error: ParserError, socket: Duplex) => void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => latest.set(request.socket, response));
  return (error, socket) => {
    // A reset connection has nobody at the other end; a second answer to the same request would garble the first.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegunToAnswer(latest.get(socket))) {
      socket.destroy(error);
      return;
    }
    socket.end(asText(problemOf(error)), () => socket.destroy());
  };
}

/** Whether the request that is being received on the connection, if any, has its answer under way or done. */
function hasBegunToAnswer(response: ServerResponse | undefined): boolean {
  if (response === undefined || !response.headersSent) return false;
  return !response.writableFinished || !response.req.complete;
}

function problemOf(error: ParserError): Problem {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem({ status: 408, code: 'request-timeout' });
  if (error.code !== 'HPE_HEADER_OVERFLOW') return new Problem({ status: 400, code: 'invalid-http' });
  return isEndlessUrl(error.rawPacket)
    ? new Problem({ status: 414, code: 'uri-too-long' })
    : new Problem({ status: 431, code: 'headers-too-large' });
}

/** Node counts the URL as a header; it was the URL if the first line alone is over the limit. */
function isEndlessUrl(packet: Buffer | undefined): boolean {
  if (packet === undefined || !/^[A-Z]+ /.test(packet.toString('latin1', 0, 10))) return false;
  const lineBytes = packet.indexOf('\n');
  return lineBytes === -1 || lineBytes > maxHeaderSize;
}

function asText({ status, code, title }: Problem): string {
  const document = JSON.stringify({ type: `/problems/${code}`, title, status, code });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(document)}`,
    'cache-control: no-store',
    'connection: close',
    '',
    document,
  ].join('\r\n');
}
