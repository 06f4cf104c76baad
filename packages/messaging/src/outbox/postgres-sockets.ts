// The sockets of a Postgres client, to be closed whatever the server does: pg's `end` waits for the server's part of the
// goodbye, which a server that hangs never says.
import { Socket } from 'node:net';

export type PostgresSockets = {
  /** pg's `stream` option. */
  readonly stream: () => Socket;
  destroyAll(): void;
};

export function trackSockets(): PostgresSockets {
  const open = new Set<Socket>();
  return {
    stream: () => {
      const socket = new Socket();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}
