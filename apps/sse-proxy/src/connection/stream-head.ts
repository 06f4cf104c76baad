// The head of the answer on a bare socket: what the route's answer has by way of Express, written out.
import { requestCauseOf, type Ids } from '@longwave/runtime';
import type { RequestHead } from './request-head.ts';

export type StreamHeadOptions = {
  /** Whose pages may read the answer. */
  readonly corsOrigins: readonly string[];
  readonly clock: () => Date;
  readonly ids: Ids;
};

const FIXED = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/event-stream',
  // no-transform: a compressing proxy would hold events back.
  'Cache-Control: no-store, no-transform',
  'X-Accel-Buffering: no',
  'X-Content-Type-Options: nosniff',
  "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
  'Vary: Origin',
  // Without a length and without chunks the body ends with the connection.
  'Connection: close',
].join('\r\n');

export class StreamHead {
  readonly #options: StreamHeadOptions;

  constructor(options: StreamHeadOptions) {
    this.#options = options;
  }

  /** ASCII, with the empty line at its end. */
  answer({ headers }: RequestHead): { readonly text: string; readonly correlationId: string } {
    const { clock, corsOrigins, ids } = this.#options;
    const { correlationId } = requestCauseOf({ 'x-correlation-id': headers.get('x-correlation-id') }, ids);
    const origin = headers.get('origin');
    const cors =
      origin !== undefined && corsOrigins.includes(origin)
        ? `Access-Control-Allow-Origin: ${origin}\r\nAccess-Control-Allow-Credentials: true\r\n` +
          'Access-Control-Expose-Headers: x-correlation-id\r\n'
        : '';
    const own = `Date: ${clock().toUTCString()}\r\nX-Correlation-Id: ${correlationId}\r\n`;
    return { text: `${FIXED}\r\n${own}${cors}\r\n`, correlationId };
  }
}
