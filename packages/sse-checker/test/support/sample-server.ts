// A small event server with a memory of everything, which keeps all promises, or breaks one of them on purpose. It is
// what the checker is checked against.
import { createServer, type ServerResponse } from 'node:http';
import type { Target } from '../../src/target.ts';

/** What it does wrong. */
export type Flaw =
  | 'none'
  /** Every fiftieth message is not given to a client that is connected. */
  | 'loses'
  | 'repeats'
  | 'swaps'
  /** Who comes back starts live, and is not told. */
  | 'forgets'
  /** Who comes back starts live, and is told of a gap. */
  | 'announces'
  /** Who comes back is given the last message again. */
  | 'overlaps'
  /** The last message is kept for ever. */
  | 'withholds';

export type SampleServer = {
  readonly target: Target;
  restart(): Promise<void>;
  /** Properly, as a proxy does when what it passes on has ended: the connections stay open for another request. */
  endStreams(): void;
  close(): Promise<void>;
};

const CHANNELS_IN_ID = /^\d+$/;

export async function startSampleServer(flaw: Flaw): Promise<SampleServer> {
  const log: string[] = [];
  const clients = new Set<ServerResponse>();
  const eventOf = (index: number): string => `id: ${index + 1}\ndata: ${log[index]}\n\n`;

  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const lastId = String(request.headers['last-event-id'] ?? '');
    response.write(`id: ${log.length}\n\n`);
    if (CHANNELS_IN_ID.test(lastId)) {
      if (flaw === 'announces') response.write(`event: gap\ndata: {}\n\n`);
      const from = Math.max(0, Number(lastId) - (flaw === 'overlaps' ? 1 : 0));
      const missed = log.slice(from).map((_, index) => eventOf(from + index));
      if (flaw !== 'forgets' && flaw !== 'announces') response.write(missed.join(''));
    }
    clients.add(response);
    response.on('close', () => clients.delete(response));
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server on TCP has an address and a port');

  const tell = (text: string): void => {
    for (const client of clients) client.write(text);
  };
  const publish = (message: { readonly channel: number; readonly number: number }): void => {
    const index = log.push(JSON.stringify(message)) - 1;
    const isFiftieth = index % 50 === 49;
    if (flaw === 'withholds') return index === 0 ? undefined : tell(eventOf(index - 1));
    if (flaw === 'loses' && isFiftieth) return;
    // Swapped with the one before it, which waited for it.
    if (flaw === 'swaps' && index % 50 === 48) return;
    tell(flaw === 'swaps' && isFiftieth ? eventOf(index) + eventOf(index - 1) : eventOf(index));
    if (flaw === 'repeats' && isFiftieth) tell(eventOf(index));
  };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    target: {
      url: `http://127.0.0.1:${address.port}/`,
      publish: async (message) => publish(message),
      read: ({ type, data }) => (type === 'message' ? JSON.parse(data) : null),
    },
    restart: async () => {
      await close();
      await listen(address.port);
    },
    endStreams: () => {
      for (const client of clients) client.end();
      clients.clear();
    },
    close,
  };
}
