// Reads what the server has: every stream, and the consumers of those that concern the topology.
import { z } from 'zod';
import type { ServerConnection } from './server-connection.ts';
import type { ServerConsumer, ServerState, ServerStream } from './server-state.ts';
import { StreamsError } from './streams-error.ts';
import type { Topology } from './settings.ts';

const config = z.record(z.string(), z.unknown());

const streamInfo = z.object({
  config: config.and(z.object({ name: z.string(), subjects: z.array(z.string()).default([]) })),
  state: z.object({ messages: z.number() }),
});
const consumerInfo = z.object({ name: z.string(), config });

// `missing` names what a node of the cluster did not tell in time: to plan without it would be to plan nonsense.
const page = z.object({ total: z.number(), missing: z.array(z.string()).nullish() });
const streamPage = page.extend({ streams: z.array(streamInfo).nullish() });
const consumerPage = page.extend({ consumers: z.array(consumerInfo).nullish() });

export async function readServer(server: ServerConnection, topology: Topology): Promise<ServerState> {
  const infos = await readPages(server, 'STREAM.LIST', streamPage, ({ streams }) => streams ?? []);
  const ours = new Set(topology.streams.map(({ name }) => name));
  const streams = infos.map(async (info): Promise<ServerStream> => {
    const { name, subjects } = info.config;
    const consumers = ours.has(name) ? await readConsumers(server, name) : [];
    return { name, subjects, config: info.config, messages: info.state.messages, consumers };
  });
  return { streams: await Promise.all(streams), isClustered: server.isClustered };
}

function readConsumers(server: ServerConnection, stream: string): Promise<readonly ServerConsumer[]> {
  return readPages(server, `CONSUMER.LIST.${stream}`, consumerPage, ({ consumers }) => consumers ?? []);
}

async function readPages<Page extends z.infer<typeof page>, Item>(
  server: ServerConnection,
  endpoint: string,
  schema: z.ZodType<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (;;) {
    const current = schema.parse(await server.call(endpoint, { offset: found.length }));
    if ((current.missing ?? []).length > 0) throw incomplete(endpoint, current.missing ?? []);
    const items = itemsOf(current);
    found.push(...items);
    if (items.length === 0 || found.length >= current.total) return found;
  }
}

function incomplete(endpoint: string, missing: readonly string[]): StreamsError {
  const message = `The cluster does not say what ${missing.join(', ')} are (${endpoint}). Is a node away? Try again.`;
  return new StreamsError('server-unreachable', message);
}
