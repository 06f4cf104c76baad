// One-off clients: each connects, asks, and closes, so that a test about a dying server has no client to clean up.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';

/** Runs `use` with a connection. */
export async function withNats<T>(url: string, use: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: url, reconnect: false, timeout: 5_000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** Publishes to the stream TEST, which it makes if needed, and waits for the acknowledgement. Gives the sequence. */
export async function publishMessage(url: string, text: string): Promise<number> {
  return await withNats(url, async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'TEST', subjects: ['test.>'] });
    const { seq } = await jetstream(connection).publish('test.message', text);
    return seq;
  });
}

export async function readMessage(url: string, sequence: number): Promise<string | undefined> {
  return await withNats(url, async (connection) => {
    const manager = await jetstreamManager(connection);
    const message = await manager.streams.getMessage('TEST', { seq: sequence });
    return message?.string();
  });
}

/** Gives the rows of one statement. */
export async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
