// A process that writes to a server that has said goodbye, and closes its connection in the same moment:
// with `raw` by nats.js alone, with `package` over a link of the package. Writes `survived` if it does.
import { setTimeout as sleep } from 'node:timers/promises';
import { quietLog } from '@longwave/embedded/testing';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { NatsConnectionImpl } from '@nats-io/nats-core/internal';
import { connect } from '@nats-io/transport-node';
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';

const [side, host = '', port = ''] = process.argv.slice(2);
/** The error comes in the same turn of the event loop, if it comes. */
const A_WHILE_MS = 200;

if (side === 'package') await connectJetStream({ host, port: Number(port), name: side, log: quietLog }).close();
const connection = await connect({ servers: `${host}:${port}` });
if (!(connection instanceof NatsConnectionImpl)) throw new TypeError('nats.js has changed');
const { transport } = connection.protocol;
if (!(transport instanceof NodeTransport)) throw new TypeError('nats.js has changed');
// What nats.js does when the server has ended its side.
transport.socket?.end();
connection.publish('test.ended');
// nats.js writes it.
await Promise.resolve();
await connection.close();
await sleep(A_WHILE_MS);
process.stdout.write('survived\n');
