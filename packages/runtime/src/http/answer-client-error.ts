// Answers what Node's parser refuses before there is a request: floods of headers, endless URLs, requests that
// take too long, things that are not HTTP. Written by hand on the socket, as there is no response object.
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem } from '../problem/problem.ts';

/** What Node adds to the error of a parser. */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/** A listener for a server's `clientError`; `running` are the answers that must not be written into. */
export function answerClientError(running: ReadonlySet<ServerResponse>): (error: ParserError, socket: Duplex) => void {
  return (error, socket) => {
    const isAnswering = [...running].some((response) => response.socket === socket);
    // A reset connection has nobody at the other end; a running answer would be garbled by a second one.
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) return void socket.destroy(error);
    socket.end(asText(problemOf(error)), () => socket.destroy());
  };
}

function problemOf(error: ParserError): Problem {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem({ status: 408, code: 'request-timeout' });
  if (error.code !== 'HPE_HEADER_OVERFLOW') return new Problem({ status: 400, code: 'invalid-http' });
  // Node counts the URL as a header. Without the end of a line, all that came is the request line.
  return error.rawPacket?.includes('\n') === false
    ? new Problem({ status: 414, code: 'uri-too-long' })
    : new Problem({ status: 431, code: 'headers-too-large' });
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
