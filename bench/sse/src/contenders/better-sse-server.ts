// better-sse on node:http, as its documentation shows it: one channel, broadcast to all of its sessions. A process of
// its own; publishes when its parent says so.
import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { FRAME_BYTES, payloadOf } from './contender.ts';

const channel = createChannel();
const server = createServer((request, response) => {
  createSession(request, response).then(
    (session) => channel.register(session),
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('message', () => {
  // Its own fields take some of the frame.
  channel.broadcast(JSON.parse(payloadOf(FRAME_BYTES - 70)));
  process.send?.('sent');
});
process.on('disconnect', () => process.exit());
