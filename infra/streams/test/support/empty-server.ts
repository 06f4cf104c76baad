// One nats-server for a test file, with nothing on it before each test.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { startNats, type NatsServer } from '@longwave/embedded';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

export type EmptyServer = {
  readonly nats: NatsServer;
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
};

/** Call it once at the top of a test file; what it gives is there while tests run. */
export function emptyServer(): () => EmptyServer {
  let server: EmptyServer | undefined;
  const started = (): EmptyServer => {
    if (server === undefined) throw new Error('the server runs during tests only');
    return server;
  };
  beforeAll(async () => {
    // Nothing here is about power cuts, and syncing every message is slow.
    const nats = await startNats({ syncInterval: '2m' });
    const connection = await connect({ servers: nats.url });
    server = { nats, connection, manager: await jetstreamManager(connection) };
  });
  beforeEach(async () => {
    const { manager } = started();
    for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
  });
  afterAll(async () => {
    await server?.connection.close();
    await server?.nats.stop();
  });
  return started;
}
