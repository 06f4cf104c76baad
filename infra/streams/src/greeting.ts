// Whether a nats-server speaks at an address. Asked first, because nats.js (3.4) leaves the socket open when a peer
// accepts the connection and then says nothing, and such a socket keeps a process from ending.
import { once } from 'node:events';
import { connect } from 'node:net';

/** Resolves when a server has greeted. Rejects with the socket's error, or when nothing was said within `withinMs`. */
export async function awaitGreeting(host: string, port: number, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs);
  const socket = connect({ host, port });
  try {
    // A server speaks first, without being asked: `INFO {…}`.
    const [greeting] = await once(socket, 'data', { signal });
    if (!String(greeting).startsWith('INFO ')) throw new Error('what listens there is no nats-server');
  } catch (error) {
    throw signal.aborted ? new Error(`it says nothing for ${withinMs} ms`, { cause: error }) : error;
  } finally {
    socket.destroy();
  }
}
