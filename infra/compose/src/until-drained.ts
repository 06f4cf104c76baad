// Waits until nothing is on its way: no message waits in the outbox, and every durable consumer has settled all it was
// given. With writes paused it stays so, and what two stores say then agrees.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';

const LOOK_EVERY_MS = 100;
const ANSWER_WITHIN_MS = 2_000;

/** Something does not come to rest; the message says what, and how much of it. */
export class NotDrainedError extends Error {
  override readonly name = 'NotDrainedError';
  readonly code = 'not-drained';

  constructor(withinMs: number, pending: readonly string[]) {
    super(`after ${withinMs} ms there is still ${pending.join(', ')}; see /<service>/health/ready, then try again`);
  }
}

const jsz = z.object({
  account_details: z
    .array(
      z.object({ stream_detail: z.array(z.object({ consumer_detail: z.array(z.unknown()).optional() })).optional() }),
    )
    .optional(),
});
const consumer = z.object({
  stream_name: z.string(),
  name: z.string(),
  num_pending: z.int(),
  num_ack_pending: z.int(),
  config: z.object({ durable_name: z.string().optional() }).optional(),
});

export type Traffic = {
  /** A database with an outbox. */
  readonly databaseUrl: string;
  /** Of nats-server. */
  readonly monitorUrl: string;
};

/** Throws NotDrainedError, and what Postgres or the monitor fails with. */
export async function untilDrained({ databaseUrl, monitorUrl }: Traffic, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'longwave-drain',
    query_timeout: withinMs,
  });
  await client.connect();
  try {
    for (;;) {
      // The outbox first: what leaves it is pending for a consumer.
      const pending = [...(await pendingInOutbox(client)), ...(await pendingForConsumers(monitorUrl))];
      if (pending.length === 0) return;
      if (performance.now() > deadline) throw new NotDrainedError(withinMs, pending);
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

async function pendingInOutbox(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox');
  const count = rows[0]?.count ?? 0;
  return count === 0 ? [] : [`${count} in the outbox`];
}

/** Others than durable ones are readers that keep no place: nothing waits for them. */
async function pendingForConsumers(monitorUrl: string): Promise<readonly string[]> {
  const url = new URL('/jsz?accounts=true&streams=true&consumers=true&config=true', monitorUrl);
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const { account_details: accounts = [] } = jsz.parse(await answer.json());
  const found = accounts
    .flatMap(({ stream_detail: streams = [] }) => streams)
    .flatMap(({ consumer_detail: consumers = [] }) => consumers.map((one) => consumer.parse(one)));
  return found
    .filter(({ config }) => config?.durable_name !== undefined)
    .filter(({ num_pending, num_ack_pending }) => num_pending + num_ack_pending > 0)
    .map(
      ({ stream_name, name, num_pending, num_ack_pending }) =>
        `${num_pending + num_ack_pending} for ${name} on ${stream_name}`,
    );
}
