// Writes to a socket that has ended. When a server says goodbye nats.js ends its own side, too, and goes on writing until
// the socket is closed; such a write is an error that the socket tells a moment later, when a close or a new dial has
// removed who would have listened to it, and an error that nobody hears ends the process.
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

const patched = Symbol.for('longwave.messaging.ended-sockets');

/** Makes nats.js drop such writes, as it does those after the close (K3): for the whole process, once. */
export function dropWritesToEndedSockets(): void {
  if (patched in NodeTransport.prototype) return;
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the transport below
  const { _send: send } = NodeTransport.prototype;
  Object.defineProperty(NodeTransport.prototype, patched, { value: true });
  NodeTransport.prototype._send = function (this: NodeTransport, frame: Uint8Array): Promise<void> {
    return this.socket?.writable === false ? Promise.resolve() : send.call(this, frame);
  };
}
