// A service behind the gateway, as a test wants it: any answer, any misbehaviour, on a free port of loopback.
// Imitates one service at a time; what it leaves out is everything a real one does besides speaking HTTP.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type FakeUpstream = {
  readonly url: string;
  readonly port: number;
  /** In the order of their arrival. */
  readonly requests: readonly IncomingMessage[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** Cuts every connection, as a killed process does, and listens no more. */
  stop(): Promise<void>;
};

/** What a rejection leaves unanswered, the test will miss. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export async function startUpstream(
  handle: Handle = (_request, response) => void response.end('ok'),
  port = 0,
): Promise<FakeUpstream> {
  const requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request);
    void handle(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    sockets,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
