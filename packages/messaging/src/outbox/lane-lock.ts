// Which lanes this relay may publish: session advisory locks on a connection of their own. When the process or its
// connection dies Postgres releases them, and another replica's next try gets them.
import { Client } from 'pg';
import type { Log } from '../log.ts';
import { pause, type Time } from '../time.ts';
import { LANES } from './lane.ts';

/** The first half of the advisory lock's key; the second is the lane. Any number nobody else uses. */
const LOCK_CLASS = 0x6c776f62;
const TRY_INTERVAL_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 5_000;

export type LaneLocks = {
  /** The lanes held now. */
  lanes(): readonly number[];
  stop(): Promise<void>;
};

/** Keeps trying for every lane until stopped. `onChange` is called whenever the lanes held have changed. */
export function holdLanes(options: {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly time: Time;
  readonly onChange: (lanes: readonly number[]) => void;
}): LaneLocks {
  const { log, time, onChange } = options;
  const stopping = new AbortController();
  let held: readonly number[] = [];

  const change = (lanes: readonly number[]): void => {
    if (lanes.length === held.length) return;
    held = lanes;
    onChange(lanes);
  };

  const session = async (): Promise<void> => {
    const client = new Client({
      connectionString: options.databaseUrl,
      application_name: 'outbox-lanes',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    // Without a listener the end of an idle connection would end the process; the next query reports it.
    client.on('error', (error) => log.debug({ error }, 'the lane connection was lost'));
    try {
      await client.connect();
      while (!stopping.signal.aborted) {
        change(await tryLanes(client, held));
        await pause(time, TRY_INTERVAL_MS, stopping.signal);
      }
    } finally {
      change([]);
      await client.end().catch((error: unknown) => log.debug({ error }, 'the lane connection was gone already'));
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await session().catch((error: unknown) => log.warn({ error }, 'outbox lanes cannot be held now'));
      await pause(time, TRY_INTERVAL_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    lanes: () => held,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Also when all are held: that the query is answered is the proof that they still are. */
async function tryLanes(client: Client, held: readonly number[]): Promise<readonly number[]> {
  const wanted = Array.from({ length: LANES }, (_, lane) => lane).filter((lane) => !held.includes(lane));
  const { rows } = await client.query<{ lane: number }>(
    'SELECT lane FROM unnest($2::int[]) AS lane WHERE pg_try_advisory_lock($1, lane)',
    [LOCK_CLASS, wanted],
  );
  return [...held, ...rows.map((row) => row.lane)];
}
