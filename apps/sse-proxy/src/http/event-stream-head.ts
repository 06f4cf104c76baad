// The head of an event stream, the same for one that lives and for one that ends at once.
import type { ServerResponse } from 'node:http';

/** Does not send it yet: it goes out with the first block. */
export function writeEventStreamHead(response: ServerResponse): ServerResponse {
  // Without a length and without chunks the body ends with the connection.
  response.removeHeader('transfer-encoding');
  return response.writeHead(200, {
    'content-type': 'text/event-stream',
    // no-transform: a compressing proxy would hold events back.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  });
}
