// One connection to the broker of the environment, for the length of one command.
import { connectJetStream, natsSettings, type JetStreamBackend } from '@longwave/messaging/jetstream';
import { readConfig } from '@longwave/runtime';
import { z } from 'zod';
import type { CommandContext } from './command-context.ts';

const { NATS_HOST, NATS_PORT, KAFKA_HOST } = natsSettings;
const settings = z.object({ NATS_HOST, NATS_PORT, KAFKA_HOST });

const nothing = (): void => undefined;

/** Throws ConfigError; what `use` throws. */
export async function withBroker<T>(
  { environment, complain }: CommandContext,
  use: (broker: JetStreamBackend) => Promise<T>,
): Promise<T> {
  const { NATS_HOST: host, NATS_PORT: port } = readConfig(settings, environment);
  // What the connection has to say that no answer says: a permission that is missing, most of all.
  const error = ({ err }: { readonly err?: unknown }, message: string): void =>
    complain(`${message}: ${err instanceof Error ? err.message : String(err)}`);
  const log = { debug: nothing, info: nothing, warn: nothing, error };
  const broker = connectJetStream({ host, port, name: 'longwave', log });
  try {
    return await use(broker);
  } finally {
    await broker.close();
  }
}
