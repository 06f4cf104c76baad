// From the outbox to the broker. Any number of relays may run; each lane has one at a time.
//
// O4  in order per key: of one key at most one message is on its way, and the next follows its acknowledgement.
// O5  a row is deleted only after the broker has stored its message; until then it is sent again with the same id. What
//     is known to be stored is never sent again, also when the delete fails.
// O6  when it is not known whether rows were stored (a lane taken over from another relay, an outcome never heard of),
//     the newest message on their subjects is looked at first, because the broker remembers ids for minutes only.
// O7  no transaction is open and no row is locked while a message is on its way.
// O8  a message that cannot be published stops its key only, and shows in readiness; one that is refused is logged as an
//     error. A relay that has lost its lanes publishes nothing more of them.
// O9  after a nudge a committed row leaves at once; without one it leaves at the next poll, a second later at most.
// O10 stopping ends within seconds, whoever hangs, and leaves no row that was stored if it can help it.
import { Pool } from 'pg';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe/observer.ts';
import type { Publisher } from '../ports.ts';
import { endsWithin, type Time } from '../time.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { backlogReader } from './backlog.ts';
import { chainsOf, type Chain } from './chain.ts';
import { KeySetbacks } from './key-setbacks.ts';
import { LaneDoubts } from './lane-doubts.ts';
import { holdLanes, type LaneLocks } from './lane-lock.ts';
import type { Nudges } from './nudges.ts';
import { LANES } from './lane.ts';
import { deleteRows, idsWaiting, lastPosition, readRows, type OutboxRow } from './outbox-rows.ts';
import { trackSockets } from './postgres-sockets.ts';
import { newestIdsOn, storedPrefix } from './stored-prefix.ts';
import { createWaker } from './waker.ts';

export type OutboxRelayOptions = {
  /** Postgres' own address, not that of a pooler in transaction mode. */
  readonly databaseUrl: string;
  readonly publisher: Publisher;
  readonly nudges: Nudges;
  readonly log: Log;
  readonly time: Time;
  readonly observer?: Observer;
};

export type RelayState = { readonly state: 'up' } | { readonly state: 'degraded'; readonly reason: string };

export type OutboxRelay = {
  /** Call it after a commit that wrote to the outbox. */
  nudge(): void;
  state(): RelayState;
  stop(): Promise<void>;
};

const BATCH_MAX = 500;
/** Rows of keys that are slow stay in memory while others are read; the next read waits when these are so many. */
const IN_FLIGHT_MAX = 2_000;
/** How long a turn waits for its own keys; after that it goes on without the slow ones. */
const TURN_WITHIN_MS = 25;
/** Short: a message that fails is tried again by its key, and is looked for before. */
const PUBLISH_WITHIN_MS = 5_000;
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 1_000;
const CONNECTIONS_MAX = 2;
const STATEMENT_TIMEOUT_MS = 10_000;
const STOP_STEP_WITHIN_MS = 1_000;

export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  return new Relay(options);
}

class Relay implements OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #sockets = trackSockets();
  readonly #pool: Pool;
  readonly #locks: LaneLocks;
  readonly #waker;
  readonly #stopping = new AbortController();
  readonly #offNudge: () => void;
  readonly #doubts = new LaneDoubts();
  readonly #setbacks: KeySetbacks;
  /** Chains that are being published, by key. */
  readonly #busy = new Map<string, { readonly chain: Chain; readonly ended: Promise<void> }>();
  /** Positions of rows whose messages are stored. (O5) */
  readonly #stored = new Set<bigint>();
  readonly #running: Promise<void>;
  #failure: string | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#waker = createWaker(options.time);
    this.#setbacks = new KeySetbacks(options.time, () => this.#waker.wake());
    this.#pool = new Pool({
      connectionString: options.databaseUrl,
      application_name: 'outbox-relay',
      max: CONNECTIONS_MAX,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
      stream: this.#sockets.stream,
    });
    this.#pool.on('error', (error) => options.log.debug({ err: error }, 'an idle outbox connection was lost'));
    this.#offNudge = options.nudges.listen(() => this.#waker.wake());
    this.#locks = holdLanes({ ...options, onChange: (lanes, gained) => this.#lanesChanged(lanes, gained) });
    options.observer?.watchOutbox(backlogReader(this.#pool, options.time));
    this.#running = this.#run();
  }

  nudge(): void {
    this.#waker.wake();
    // Another replica may hold the lane.
    if (this.#locks.held().lanes.length < LANES) this.#options.nudges.send();
  }

  state(): RelayState {
    const failure = this.#locks.failure() ?? this.#failure;
    if (failure !== null) return { state: 'degraded', reason: `outbox: ${failure}` };
    if (this.#setbacks.count === 0) return { state: 'up' };
    const refused = this.#setbacks.refusedKeys;
    const what =
      refused.length > 0
        ? `the broker refuses messages of ${refused.length} keys (${refused.slice(0, 3).join(', ')})`
        : `messages of ${this.#setbacks.count} keys could not be published yet`;
    return { state: 'degraded', reason: `outbox: ${what}` };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** (O10) */
  async #stop(): Promise<void> {
    const { time } = this.#options;
    this.#stopping.abort();
    this.#offNudge();
    this.#waker.wake();
    await this.#running;
    await endsWithin(time, STOP_STEP_WITHIN_MS, Promise.all([...this.#busy.values()].map(({ ended }) => ended)));
    await endsWithin(time, STOP_STEP_WITHIN_MS, this.#deleteStored());
    await this.#locks.stop();
    this.#setbacks.keepOnlyLanes([]);
    await endsWithin(time, STOP_STEP_WITHIN_MS, this.#pool.end());
    this.#sockets.destroyAll();
  }

  #lanesChanged(lanes: readonly number[], gained: readonly number[]): void {
    this.#doubts.keepOnly(lanes);
    this.#setbacks.keepOnlyLanes(lanes);
    for (const lane of gained) this.#doubts.add(lane);
    this.#options.log.debug({ lanes }, 'outbox lanes held');
    this.#waker.wake();
  }

  async #run(): Promise<void> {
    let pollMs = POLL_MS_MIN;
    while (!this.#stopping.signal.aborted) {
      let moved = false;
      try {
        moved = await unlessAborted(this.#stopping.signal, this.#turn());
        this.#failure = null;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        if (!this.#stopping.signal.aborted) this.#options.log.warn({ err: error }, 'the outbox cannot be relayed now');
      }
      if (!moved) pollMs = nextPollMs(pollMs, await this.#waker.sleep(pollMs)); // (O9)
      else pollMs = POLL_MS_MIN;
    }
  }

  /** Deletes what is stored, reads the next rows and starts publishing them. Resolves with whether to look again at once. */
  async #turn(): Promise<boolean> {
    await this.#deleteStored();
    const { session, lanes } = this.#locks.held();
    const limit = Math.min(BATCH_MAX, IN_FLIGHT_MAX - this.#rowsInFlight());
    if (lanes.length === 0 || limit <= 0 || this.#setbacks.areTooMany) return false;
    await this.#doubts.measure(() => lastPosition(this.#pool));
    const doubts = this.#doubts.snapshot();
    const busyKeys = [...this.#busy.keys()];
    const dueKeys = this.#setbacks.dueKeys().filter((key) => !this.#busy.has(key));
    const blockedKeys = [...busyKeys, ...this.#setbacks.waitingKeys()];
    const rows = await readRows(this.#pool, { lanes, blockedKeys, limit });
    // Some may have been stored since the delete.
    const { chains, isCut } = chainsOf(rows.filter(({ position }) => !this.#stored.has(position)));
    const isWhole = rows.length < limit && !isCut;
    const before = rows.filter(({ position }) => this.#stored.has(position));
    const known = await this.#storedPrefixes(chains, doubts, { before, lanes: isWhole ? [] : lanes });
    // What was read under locks that are lost may be published by another relay by now.
    if (this.#locks.held().session !== session) return true;
    if (busyKeys.length === 0 && !isCut) this.#doubts.clear(doubts, isWhole ? null : (rows.at(-1)?.position ?? null));
    // Somebody has removed the rows of a key that was due and is not among these.
    if (isWhole) for (const key of dueKeys) if (!chains.some((chain) => chain.key === key)) this.#setbacks.remove(key);
    const ended = chains.flatMap((chain) => {
      const count = known.get(chain.key);
      return count === undefined ? [] : [this.#start(chain, count, session)];
    });
    await endsWithin(this.#options.time, TURN_WITHIN_MS, Promise.all(ended));
    return rows.length > 0;
  }

  #rowsInFlight(): number {
    return [...this.#busy.values()].reduce((sum, { chain }) => sum + chain.rows.length, 0);
  }

  /** (O5) */
  async #deleteStored(): Promise<void> {
    const positions = [...this.#stored];
    await deleteRows(this.#pool, positions);
    if (positions.length > 0) this.#options.observer?.relayed(positions.length);
    for (const position of positions) this.#stored.delete(position);
  }

  /**
   * (O6) How many rows of each chain are stored already; a key about which nobody answers is left out and waits. `lanes`:
   * where rows may lie behind the chains; `before`: rows in front of them that are stored and not deleted yet. To take
   * one of those for a row behind would be to take everything in between for stored.
   */
  async #storedPrefixes(
    chains: readonly Chain[],
    doubts: ReadonlyMap<number, bigint>,
    { before, lanes }: { readonly before: readonly OutboxRow[]; readonly lanes: readonly number[] },
  ): Promise<ReadonlyMap<string, number>> {
    const looked = await Promise.all(chains.map((chain) => this.#newestIds(chain, doubts)));
    const read = new Set([...before, ...chains.flatMap(({ rows }) => rows)].map((row) => row.message.id));
    const found = looked.flatMap((one) => (one === null ? [] : [...one.newestIds]));
    const behind = await idsWaiting(this.#pool, lanes, lanes.length === 0 ? [] : found.filter((id) => !read.has(id)));
    return new Map(
      looked.flatMap((one) => (one === null ? [] : [[one.key, storedPrefix(one.doubtful, one.newestIds, behind)]])),
    );
  }

  async #newestIds(
    { key, lane, rows }: Chain,
    doubts: ReadonlyMap<number, bigint>,
  ): Promise<{ key: string; doubtful: readonly OutboxRow[]; newestIds: ReadonlySet<string> } | null> {
    const upTo = doubts.get(lane) ?? -1n;
    const doubtful = this.#setbacks.has(key) ? rows : rows.filter((row) => row.position <= upTo);
    try {
      return { key, doubtful, newestIds: await newestIdsOn(this.#options.publisher, doubtful) };
    } catch (error) {
      this.#failed(key, lane, error);
      return null;
    }
  }

  #start(chain: Chain, known: number, session: number): Promise<void> {
    for (const row of chain.rows.slice(0, known)) this.#stored.add(row.position);
    if (known > 0) this.#setbacks.remove(chain.key);
    const ended = this.#publish(chain, known, session).finally(() => {
      this.#busy.delete(chain.key);
      this.#waker.wake();
    });
    this.#busy.set(chain.key, { chain, ended });
    return ended;
  }

  /** (O4) One after the other, for as long as the lane is ours. */
  async #publish({ key, lane, rows }: Chain, known: number, session: number): Promise<void> {
    try {
      for (const row of rows.slice(known)) {
        if (this.#stopping.signal.aborted || this.#locks.held().session !== session) return;
        await this.#options.publisher.publish(row.message, { deadlineMs: PUBLISH_WITHIN_MS });
        this.#stored.add(row.position);
        this.#setbacks.remove(key);
      }
    } catch (error) {
      this.#failed(key, lane, error);
    }
  }

  /** (O8) */
  #failed(key: string, lane: number, error: unknown): void {
    if (this.#stopping.signal.aborted || !this.#locks.held().lanes.includes(lane)) return;
    const isRefused = error instanceof PublishError && error.code === 'refused';
    this.#setbacks.add(key, lane, isRefused);
    if (isRefused) this.#options.log.error({ err: error, key }, 'the broker refuses a message; its key waits');
    else this.#options.log.warn({ err: error, key }, 'a message could not be published yet');
  }
}

function nextPollMs(pollMs: number, sleep: 'woken' | 'slept'): number {
  return sleep === 'woken' ? POLL_MS_MIN : Math.min(pollMs * 2, POLL_MS_MAX);
}
