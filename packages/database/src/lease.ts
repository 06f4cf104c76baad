// A lease: of all processes that ask for a name, one holds it. For work that must have one owner (an outbox lane,
// an ordered group). It is a session advisory lock on a connection of its own: Postgres gives it back when that
// connection is gone, whatever happened to the process.
//
// L1  One holder at a time, provided that the holder stops when its signal aborts.
// L2  When the holder's process dies or its connection is cut, another holds the lease within 5 seconds.
// L3  A holder that is cut off knows within 2.5 seconds of the last answer; the server keeps the lock for 3.
// L4  `stop` gives the lease back at once and leaves nothing open.
// It is no fence: a process frozen at the wrong moment may act once more after it has lost the lease.
import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from 'pg';

import { LeaseError } from './lease-error.ts';
import type { Session } from './session.ts';
import { openSession } from './session.ts';

const heartbeatEveryMs = 1_000;
const answerWithinMs = 1_500;
const connectWithinMs = 2_000;

/** Three seconds without a sign of life and the server closes the session (L2, L3), instead of two hours. */
const noticeDeadHolders = `
  SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2; SET tcp_user_timeout = 3000`;

export type LeaseOptions = {
  /** A direct connection: behind a transaction pooler a session lock belongs to nobody. */
  readonly url: string;
  /** Who asks for the same name in the same database competes. */
  readonly name: string;
  /**
   * Called whenever the lease was acquired. The signal aborts when it is lost or `stop` was called. The lease is not
   * given back, and not asked for again, before the returned promise has settled; its rejection gives the lease back.
   */
  readonly onAcquired: (signal: AbortSignal) => void | Promise<void>;
  /** The lease was lost, not given back. The signal has aborted already. */
  readonly onLost: (error: LeaseError) => void;
  /** An attempt failed (the database is away), or the work did. The next attempt follows by itself. */
  readonly onError: (error: unknown) => void;
  /** How often to ask while another one holds it. */
  readonly retryMs?: number;
  /** How long the work may take to end after its signal has aborted, before that is reported and `stop` gives up. */
  readonly endWithinMs?: number;
};

export type LeaseState = 'waiting' | 'held' | 'stopped';

/** Competes from now on, until `stop`. Never throws: what goes wrong goes to `onError`. */
export function holdLease(options: LeaseOptions): Lease {
  return new Lease(options);
}

export class Lease {
  readonly #options: LeaseOptions;
  readonly #retryMs: number;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #state: LeaseState = 'waiting';

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#retryMs = options.retryMs ?? 500;
    this.#ended = this.#run();
  }

  get state(): LeaseState {
    return this.#state;
  }

  /** Ends the work, gives the lease back, closes the connection. May be called again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#compete();
      } catch (error) {
        this.#options.onError(error);
      }
      await pause(this.#retryMs, this.#stopping.signal);
    }
    this.#state = 'stopped';
  }

  /** Asks until the lease is ours and holds it. Returns when it was lost, the work failed, or we stop. */
  async #compete(): Promise<void> {
    const session = await openSession({
      url: this.#options.url,
      applicationName: `lease ${this.#options.name}`,
      connectTimeoutMs: connectWithinMs,
      queryTimeoutMs: answerWithinMs,
    });
    try {
      await session.client.query(noticeDeadHolders);
      while (!this.#stopping.signal.aborted) {
        if (await tryLock(session.client, this.#options.name)) return await this.#hold(session);
        await pause(this.#retryMs, this.#stopping.signal);
      }
    } finally {
      await session.close();
    }
  }

  async #hold(session: Session): Promise<void> {
    const holding = new AbortController();
    const lose = (cause: unknown): void => holding.abort(this.#lost(cause));
    session.client.once('end', lose);
    const signal = AbortSignal.any([holding.signal, this.#stopping.signal]);
    this.#state = 'held';
    const work = this.#work(signal, holding);
    await beat(session.client, signal, lose);
    this.#state = 'waiting';
    if (signal.reason instanceof LeaseError) {
      // A connection that only seems dead must not go on holding the lock.
      session.cut();
      this.#options.onLost(signal.reason);
    }
    await this.#untilEnded(work);
    session.client.off('end', lose);
  }

  /** Never rejects: a failure is reported, and ends the hold. */
  async #work(signal: AbortSignal, holding: AbortController): Promise<void> {
    try {
      await this.#options.onAcquired(signal);
    } catch (error) {
      // To reject with the signal's reason is how most APIs obey a signal.
      if (error !== signal.reason) this.#options.onError(error);
      holding.abort(error);
    }
  }

  /** Without a limit after a loss, because two works at once would break L1; with one when we stop. */
  async #untilEnded(work: Promise<void>): Promise<void> {
    const { name, endWithinMs = 10_000 } = this.#options;
    while (!(await settlesWithin(work, endWithinMs))) {
      const message = `the work under the lease ${name} still runs ${endWithinMs} ms after its signal aborted`;
      this.#options.onError(new LeaseError('work-still-running', message));
      if (this.#stopping.signal.aborted) return;
    }
  }

  #lost(cause: unknown): LeaseError {
    return new LeaseError('lost', `the connection that held the lease ${this.#options.name} is gone`, { cause });
  }
}

async function tryLock(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
    [name],
  );
  return rows[0]?.held === true;
}

/** Returns when the signal aborts; calls `lose` when the server does not answer in time (L3). */
async function beat(client: Client, signal: AbortSignal, lose: (cause: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await pause(heartbeatEveryMs, signal);
    if (signal.aborted) return;
    await client.query('SELECT 1').catch(lose);
  }
}

/** A delay that an abort ends early. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  // The only rejection is the abort, after which the caller looks at the signal itself.
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
}

async function settlesWithin(work: Promise<void>, durationMs: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(durationMs, timer.signal).then(() => false)]);
  } finally {
    timer.abort();
  }
}
