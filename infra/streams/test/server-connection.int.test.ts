// Servers that are not there yet, not there at all, or keep no streams.
import { afterEach, expect, test } from '@jest/globals';
import { freePort, startNats, type NatsServer } from '@longwave/embedded';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { applyTopology, checkDrift, longwaveTopology, planTopology } from '../src/index.ts';

const servers: NatsServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(options: Parameters<typeof startNats>[0]): Promise<NatsServer> {
  const server = await startNats({ syncInterval: '2m', ...options });
  servers.push(server);
  return server;
}

test('a server that is still starting is waited for', async () => {
  const port = await freePort();
  const applied = applyTopology({ host: '127.0.0.1', port });
  await start({ port });
  const { streams } = longwaveTopology();
  expect(await applied).toHaveLength(streams.length + streams.flatMap(({ consumers }) => consumers).length);
});

test('a server that is not there is told in a sentence, at the deadline', async () => {
  const port = await freePort();
  await expect(planTopology({ host: '127.0.0.1', port, withinMs: 200 })).rejects.toMatchObject({
    code: 'server-unreachable',
    message: expect.stringMatching(/127\.0\.0\.1:\d+: [^]*ECONNREFUSED[^]*\. Start it/),
  });
});

test('something that accepts connections and says nothing costs no more than the deadline', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(planTopology({ host: '127.0.0.1', port, withinMs: 200 })).rejects.toMatchObject({
    code: 'server-unreachable',
  });
  silent.close();
  // Closed by the client, or this would never come.
  await once(silent, 'close');
  expect(sockets.length).toBeGreaterThan(0);
});

test('a server without JetStream is told as such', async () => {
  const { host, port } = await start({
    extraConfig: 'accounts { A { users: [{ user: a, password: b }] } }\nno_auth_user: a',
  });
  await expect(checkDrift({ host, port, withinMs: 300 })).rejects.toMatchObject({ code: 'jetstream-disabled' });
});
