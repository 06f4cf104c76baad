// nats.js as anybody would use it, for tests that show what it does by itself. Everything is as it comes but the time
// between two dials, which no trap is about.
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Broker } from './broker.ts';

export type RawClient = {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  /** How often the connection was lost so far. */
  readonly losses: () => number;
  close(): Promise<void>;
};

export async function connectRaw(broker: Broker, dialling: { readonly maxReconnectAttempts?: number } = {}) {
  const connection = await connect({ servers: broker.server().url, reconnectTimeWait: 50, ...dialling });
  let losses = 0;
  const watching = (async () => {
    for await (const { type } of connection.status()) if (type === 'disconnect') losses += 1;
  })();
  const client: RawClient = {
    connection,
    js: jetstream(connection),
    losses: () => losses,
    close: async () => {
      await connection.close();
      await watching;
    },
  };
  return client;
}

/** Whether what was sent before has reached the server. */
export function isConnected(connection: NatsConnection): Promise<boolean> {
  return connection.flush().then(
    () => true,
    () => false,
  );
}
