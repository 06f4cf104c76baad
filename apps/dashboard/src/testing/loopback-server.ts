// A real HTTP server on a free port, for tests of what talks to one.
import { createServer, type RequestListener } from 'node:http';

export type LoopbackServer = { readonly url: string; readonly close: () => Promise<void> };

export async function startLoopbackServer(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server on TCP has an address and a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
