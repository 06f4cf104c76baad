// Which lanes this relay may publish: session advisory locks on a connection of their own. When the process or its
// connection dies Postgres releases them, and another replica's next try gets them. A pooler in transaction mode has no
// sessions: the address must be Postgres' own.
import { Client } from 'pg';
import type { Log } from '../log.ts';
import { endsWithin, pause, type Time } from '../time.ts';
import { LANES } from './lane.ts';
import { trackSockets, type PostgresSockets } from './postgres-sockets.ts';

/** The first half of the advisory lock's key; the second is the lane. Any number nobody else uses. */
const LOCK_CLASS = 0x6c776f62;
/** What was told within the second is to be heard within it, also when the holder of its lane was killed just then. */
const TRY_INTERVAL_MS = 250;
/** Three seconds without a sign of life and the server gives the lanes of a relay that was cut off to others, not two hours. */
const NOTICE_DEAD_HOLDERS = `
  SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2; SET tcp_user_timeout = 3000`;
const STATEMENT_TIMEOUT_MS = 5_000;
const END_WITHIN_MS = 1_000;

/** `session` counts the connections: what was begun in an earlier one has no lane any more, even if it has it again. */
export type HeldLanes = { readonly session: number; readonly lanes: readonly number[] };

export type LaneLocks = {
  held(): HeldLanes;
  /** Why lanes cannot be held now; null when nothing is wrong. */
  failure(): string | null;
  stop(): Promise<void>;
};

type LaneLockOptions = {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly time: Time;
  /** `gained`: the lanes that are held now and were not before. */
  readonly onChange: (lanes: readonly number[], gained: readonly number[]) => void;
};

/** Keeps trying for every lane until stopped. `onChange` is called whenever the lanes held have changed. */
export function holdLanes(options: LaneLockOptions): LaneLocks {
  const { log, time } = options;
  const stopping = new AbortController();
  const sockets = trackSockets();
  let held: HeldLanes = { session: 0, lanes: [] };
  let failure: string | null = null;

  const change = (lanes: readonly number[]): void => {
    const gained = lanes.filter((lane) => !held.lanes.includes(lane));
    if (lanes.length === held.lanes.length && gained.length === 0) return;
    held = { ...held, lanes };
    options.onChange(lanes, gained);
  };
  const onLanes = (lanes: readonly number[]): void => {
    failure = null;
    change(lanes);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      held = { session: held.session + 1, lanes: [] };
      try {
        await holdSession(options, sockets, stopping.signal, onLanes);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        log.warn({ err: error }, 'outbox lanes cannot be held now');
      }
      change([]);
      await pause(time, TRY_INTERVAL_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    held: () => held,
    failure: () => failure,
    stop: async () => {
      stopping.abort();
      if (!(await endsWithin(time, END_WITHIN_MS, running))) sockets.destroyAll();
      await running;
    },
  };
}

/** Holds lanes for as long as one connection lives. Rejects when it could not be had, or was lost. */
async function holdSession(
  { databaseUrl, log, time }: LaneLockOptions,
  sockets: PostgresSockets,
  stopping: AbortSignal,
  onLanes: (lanes: readonly number[]) => void,
): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'outbox-lanes',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    stream: sockets.stream,
  });
  const lost = new AbortController();
  // Without a listener the end of an idle connection would end the process. It is heard of at once: whoever gets the
  // lanes next must not be published against.
  client.on('error', (error) => log.debug({ err: error }, 'the lane connection was lost'));
  client.on('end', () => {
    lost.abort();
    onLanes([]);
  });
  const either = AbortSignal.any([stopping, lost.signal]);
  let lanes: readonly number[] = [];
  try {
    await client.connect();
    await client.query(NOTICE_DEAD_HOLDERS);
    while (!either.aborted) {
      lanes = await tryLanes(client, lanes);
      if (!either.aborted) onLanes(lanes);
      await pause(time, TRY_INTERVAL_MS, either);
    }
    if (!stopping.aborted) throw new Error('the lane connection was lost');
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    await endsWithin(time, END_WITHIN_MS, client.end());
    sockets.destroyAll();
  }
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
