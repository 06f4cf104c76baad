// From the outbox to the broker. Any number of relays may run; each lane has one at a time.
//
// O4  in order per key: of one key at most one message is on its way, and the next follows its acknowledgement.
// O5  a row is deleted only after the broker has stored its message; until then it is sent again with the same id.
// O6  when it is not known whether rows were stored (a lane taken over from another relay, an outcome never heard of),
//     the newest message on their subjects is looked at first, because the broker remembers ids for minutes only.
// O7  no transaction is open and no row is locked while a message is on its way.
// O8  a message that the broker refuses stops its key only, is logged as an error and shows in readiness.
// O9  after a nudge a committed row leaves at once; without one it leaves at the next poll, a second later at most.
import { Pool } from 'pg';
import type { OutgoingMessage } from '../contract/encode.ts';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Publisher } from '../ports.ts';
import type { Time } from '../time.ts';
import { holdLanes, type LaneLocks } from './lane-lock.ts';
import type { Nudges } from './nudges.ts';
import { LANES } from './lane.ts';
import { deleteRows, lastPosition, readRows, type OutboxRow } from './outbox-rows.ts';
import { storedPrefix } from './stored-prefix.ts';
import { createWaker } from './waker.ts';

export type OutboxRelayOptions = {
  readonly databaseUrl: string;
  readonly publisher: Publisher;
  readonly nudges: Nudges;
  readonly log: Log;
  readonly time: Time;
};

export type RelayState =
  | { readonly state: 'up' }
  | { readonly state: 'degraded'; readonly reason: string }
  | { readonly state: 'down'; readonly reason: string };

export type OutboxRelay = {
  /** Call it after a commit that wrote to the outbox. */
  nudge(): void;
  state(): RelayState;
  stop(): Promise<void>;
};

const BATCH_MAX = 500;
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 1_000;
const REFUSED_RETRY_MS = 30_000;
const CONNECTIONS_MAX = 2;
const STATEMENT_TIMEOUT_MS = 10_000;

export function startOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  return new Relay(options);
}

class Relay implements OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #pool: Pool;
  readonly #locks: LaneLocks;
  readonly #waker;
  readonly #stopping = new AbortController();
  readonly #offNudge: () => void;
  /** Keys whose message was refused, and when to try again. (O8) */
  readonly #refused = new Map<string, number>();
  /** Lanes with rows that may have been stored already: the highest such position. (O6) */
  readonly #doubtful = new Map<number, bigint>();
  readonly #running: Promise<void>;
  #failure: string | null = null;
  #stopped: Promise<void> | null = null;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#waker = createWaker(options.time);
    this.#pool = new Pool({
      connectionString: options.databaseUrl,
      application_name: 'outbox-relay',
      max: CONNECTIONS_MAX,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
    });
    this.#pool.on('error', (error) => options.log.debug({ error }, 'an idle outbox connection was lost'));
    this.#offNudge = options.nudges.listen(() => this.#waker.wake());
    this.#locks = holdLanes({ ...options, onChange: (lanes) => this.#lanesChanged(lanes) });
    this.#running = this.#run();
  }

  nudge(): void {
    this.#waker.wake();
    // Another replica may hold the lane.
    if (this.#locks.lanes().length < LANES) this.#options.nudges.send();
  }

  state(): RelayState {
    if (this.#failure !== null) return { state: 'degraded', reason: `outbox: ${this.#failure}` };
    if (this.#refused.size === 0) return { state: 'up' };
    const keys = [...this.#refused.keys()].slice(0, 3).join(', ');
    return { state: 'degraded', reason: `outbox: the broker refuses messages of ${this.#refused.size} keys (${keys})` };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#offNudge();
    this.#waker.wake();
    await this.#running;
    await this.#locks.stop();
    await this.#pool.end();
  }

  #lanesChanged(lanes: readonly number[]): void {
    for (const lane of this.#doubtful.keys()) if (!lanes.includes(lane)) this.#doubtful.delete(lane);
    for (const lane of lanes) this.#doubt(lane);
    this.#options.log.debug({ lanes }, 'outbox lanes held');
    this.#waker.wake();
  }

  /** Whatever is in the lane now may have been stored. */
  #doubt(lane: number): void {
    this.#doubtful.set(lane, EVERYTHING);
  }

  async #run(): Promise<void> {
    let pollMs = POLL_MS_MIN;
    while (!this.#stopping.signal.aborted) {
      let moved = false;
      try {
        moved = await this.#turn();
        this.#failure = null;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        this.#options.log.warn({ error }, 'the outbox cannot be relayed now');
      }
      if (!moved) pollMs = nextPollMs(pollMs, await this.#waker.sleep(pollMs)); // (O9)
      else pollMs = POLL_MS_MIN;
    }
  }

  /** Reads, publishes and deletes one batch. Resolves with whether to look again at once. */
  async #turn(): Promise<boolean> {
    const lanes = await this.#lanesOfThisTurn();
    if (lanes.length === 0) return false;
    const blockedKeys = this.#blockedKeys();
    const rows = await readRows(this.#pool, { lanes, blockedKeys, limit: BATCH_MAX });
    const [doubtfulLane] = lanes.length === 1 ? lanes : [];
    const doubtfulTo = doubtfulLane === undefined ? -1n : (this.#doubtful.get(doubtfulLane) ?? -1n);
    const stored: bigint[] = [];
    const chains = [...chainsByKey(rows).values()].map((chain) => this.#publishChain(chain, doubtfulTo, stored));
    const results = await Promise.race([Promise.all(chains), whenAborted(this.#stopping.signal)]);
    await deleteRows(this.#pool, stored.splice(0)); // (O5)
    const complete = results?.every((went) => went) ?? false;
    if (doubtfulLane === undefined) return complete && rows.length > 0;
    if (complete && passed(rows, doubtfulTo)) this.#doubtful.delete(doubtfulLane);
    return complete;
  }

  /** A doubtful lane is read alone, so that all of its rows that may have been stored are seen together. */
  async #lanesOfThisTurn(): Promise<readonly number[]> {
    for (const [lane, upTo] of this.#doubtful) {
      if (upTo === EVERYTHING) this.#doubtful.set(lane, await lastPosition(this.#pool));
      return [lane];
    }
    return this.#locks.lanes();
  }

  #blockedKeys(): readonly string[] {
    const now = this.#options.time.now().getTime();
    for (const [key, until] of this.#refused) if (until <= now) this.#refused.delete(key);
    return [...this.#refused.keys()];
  }

  /** (O4) Resolves with whether every message of the chain is stored; positions of those that are go to `stored`. */
  async #publishChain(chain: readonly OutboxRow[], doubtfulTo: bigint, stored: bigint[]): Promise<boolean> {
    try {
      const known = await storedPrefix(this.#options.publisher, chain, doubtfulTo); // (O6)
      stored.push(...chain.slice(0, known).map((row) => row.position));
      for (const row of chain.slice(known)) {
        if (this.#stopping.signal.aborted) return false;
        await this.#options.publisher.publish(row.message);
        stored.push(row.position);
      }
      return true;
    } catch (error) {
      const [first] = chain;
      if (first !== undefined) this.#failed(first.lane, first.message, error);
      return false;
    }
  }

  #failed(lane: number, { key, subject }: OutgoingMessage, error: unknown): void {
    if (error instanceof PublishError && error.code === 'refused') {
      this.#refused.set(key, this.#options.time.now().getTime() + REFUSED_RETRY_MS);
      this.#options.log.error({ error, key, subject }, 'the broker refuses a message; its key waits');
      return;
    }
    this.#doubt(lane);
    if (!this.#stopping.signal.aborted)
      this.#options.log.warn({ error, subject }, 'a message could not be published yet');
  }
}

/** A position above every other, until the real one is known. */
const EVERYTHING = 2n ** 63n;

function nextPollMs(pollMs: number, sleep: 'woken' | 'slept'): number {
  return sleep === 'woken' ? POLL_MS_MIN : Math.min(pollMs * 2, POLL_MS_MAX);
}

function passed(rows: readonly OutboxRow[], position: bigint): boolean {
  const last = rows.at(-1);
  return rows.length < BATCH_MAX || (last !== undefined && last.position > position);
}

function chainsByKey(rows: readonly OutboxRow[]): Map<string, OutboxRow[]> {
  return Map.groupBy(rows, (row) => row.message.key);
}

function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
