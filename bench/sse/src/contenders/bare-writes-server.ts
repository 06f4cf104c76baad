// The floor of how soon a message can be at all clients: a NATS subscription that keeps nothing, checks nothing, and
// writes what comes to bare sockets. A process of its own.
import { createServer, type Socket } from 'node:net';
import { connect } from '@nats-io/transport-node';

const [servers, subject = ''] = process.argv.slice(2);
const sockets = new Set<Socket>();
const connection = await connect({ servers: servers ?? '' });
connection.subscribe(subject, {
  callback: (_, { data }) => {
    const event = Buffer.concat([Buffer.from('data: '), data, Buffer.from('\n\n')]);
    for (const socket of sockets) socket.write(event);
  },
});
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined); // 'close' follows
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n');
    sockets.add(socket);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit());
