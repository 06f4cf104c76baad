// A real HTTP server that answers the n-th request with the n-th answer, and every later one with the last.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };
export type Answer = (response: ServerResponse) => void;

export type EventServer = {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
};

export async function startEventServer(...answers: readonly Answer[]): Promise<EventServer> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    exchanges.push({ request, response });
    answers[Math.min(exchanges.length, answers.length) - 1]?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server on TCP has an address and a port');
  return {
    url: `http://127.0.0.1:${address.port}/events`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An open event stream that begins with `text`. */
export function stream(text = '', { end = false } = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`: hello\n${text}\n`);
    if (end) response.end();
  };
}

export function answer(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (response) => void response.writeHead(status, headers).end(body);
}

export function event(cursor: string, subject = 'a.b', message: unknown = 1): string {
  const data = JSON.stringify({ subject, id: `id of ${cursor}`, time: '2026-11-21T12:00:00Z', message });
  return `id: ${cursor}\ndata: ${data}\n\n`;
}
