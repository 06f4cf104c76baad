// Imitates a network that goes silent: a TCP proxy that can stop passing bytes on without closing anything, as a
// pulled cable, a dropped firewall state or a frozen host do. What it cannot imitate: its kernel still acknowledges
// packets, so the far end's keepalives find it alive.
import { connect, createServer, type Socket } from 'node:net';

export type SilentProxy = {
  /** The same URL, through the proxy. */
  readonly url: string;
  /** From now on nothing passes, on no connection, old or new. */
  readonly silence: () => void;
  /** New connections pass again; the old ones stay silent. */
  readonly recover: () => void;
  readonly stop: () => Promise<void>;
};

export async function startSilentProxy(url: string): Promise<SilentProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let silent = false;
  const silenced = new WeakSet<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // The tests cut connections on purpose; both ends report it themselves.
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((inbound) => {
    const outbound = keep(connect(Number(target.port), target.hostname));
    keep(inbound);
    for (const [from, to] of [[inbound, outbound] as const, [outbound, inbound] as const]) {
      if (silent) silenced.add(from);
      from.on('data', (bytes) => !silenced.has(from) && to.write(bytes));
      from.on('close', () => !silenced.has(from) && to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const through = new URL(url);
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    silence: () => {
      silent = true;
      for (const socket of sockets) silenced.add(socket);
    },
    recover: () => void (silent = false),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
