// Dials that failed. nats.js forgets the socket of a dial that was not answered in time, or was under way when the
// connection was closed; a hung server would cost a socket per attempt, and they keep a stopped process alive.
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

const patched = Symbol.for('longwave.messaging.failed-dials');

/** Makes nats.js destroy such sockets (K1): for the whole process, once. */
export function closeFailedDials(): void {
  if (patched in NodeTransport.prototype) return;
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the transport below
  const { close } = NodeTransport.prototype;
  Object.defineProperty(NodeTransport.prototype, patched, { value: true });
  NodeTransport.prototype.close = function (this: NodeTransport, error?: Error): Promise<void> {
    if (!this.connected) this.discard();
    return close.call(this, error);
  };
}
