// Where clients and streams meet: opens a feed for every stream somebody hears, a lane for every selection, and keeps
// the list of who is connected. Knows nothing of HTTP.
import type { Log, StreamReader } from '@longwave/messaging';
import type { Selection } from '../domain/selection.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import type { Course } from './advance.ts';
import { Connections, type ConnectionLimits, type Visitor } from './connections.ts';
import { Expiries } from './expiries.ts';
import { Feed, type FeedDeps } from './feed.ts';
import { Gate, type Gates } from './gate.ts';
import { Heartbeats } from './heartbeats.ts';
import { Lane } from './lane.ts';
import type { Outlet } from './outlet.ts';
import type { Claim } from './resume.ts';
import { SharedAdvances } from './shared-advances.ts';
import type { SubscriptionDeps } from './subscription-options.ts';
import { Subscription } from './subscription.ts';
import { startTally, type Tally } from './tally.ts';
import { Turns, type Task } from './turns.ts';

export type HubOptions = {
  readonly reader: StreamReader;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly ringBytesMax: number;
  /** A snapshot of more is a gap. */
  readonly snapshotSubjectsMax: number;
  readonly limits: ConnectionLimits;
  /** A connection ends after four fifths of it at the earliest; its client comes back. */
  readonly connectionAgeMaxMs: number;
  /** For this long streams are ended one after another, so that those who come back do not come as one. */
  readonly drainWindowMs: number;
  readonly clock: () => Date;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
};

/** Somebody who was let in. */
export type Visit = { readonly selection: Selection; readonly claim: Claim; readonly visitor: Visitor };

/** Clients that pass a gate at once; each holds a batch of messages or two meanwhile. */
const READING_MAX = 16;
/** What a native EventSource waits before it reconnects; spread, so that a restart brings no stampede. */
const RETRY_MS = { min: 1_000, spread: 2_000 };
/** For the sockets to take the end of the stream; after that they are cut. */
const DRAIN_GRACE_MS = 1_000;
/** Of the window: few clients need no spreading. */
const DRAIN_PER_CLIENT_MS = 1;
const DRAIN_STEP_MS = 20;

export class Hub {
  readonly tally: Tally = startTally();
  readonly connections: Connections;
  /** For everybody who asks the broker. */
  readonly gates: Gates = { starting: new Gate(READING_MAX), replaying: new Gate(READING_MAX) };
  readonly #options: HubOptions;
  readonly #turns = new Turns();
  readonly #heartbeats: Heartbeats;
  readonly #expiries = new Expiries();
  readonly #feeds = new Map<string, Feed>();
  readonly #lanes = new Map<string, { readonly lane: Lane; members: number }>();
  readonly #later = new Set<Task>();
  readonly #deps: SubscriptionDeps;
  readonly #emptied = Promise.withResolvers<void>();
  #isDraining = false;

  constructor(options: HubOptions) {
    this.#options = options;
    const { reader, log, heartbeatMs, snapshotSubjectsMax, limits, random } = options;
    const [turns, tally, later, gates] = [this.#turns, this.tally, this.#later, this.gates];
    this.connections = new Connections(limits);
    const retryMs = (): number => RETRY_MS.min + random() * RETRY_MS.spread;
    const onClosed = (subscription: Subscription): void => this.#remove(subscription);
    const advances = new SharedAdvances();
    const shared = { turns, tally, later, gates, advances };
    this.#deps = { reader, log, snapshotSubjectsMax, ...shared, retryMs, onClosed };
    this.#heartbeats = new Heartbeats({ intervalMs: heartbeatMs, turns, onTick: () => this.#lookAgain() });
  }

  /** No client is to be taken in any more. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** By name. */
  get feeds(): Iterable<Feed> {
    return this.#feeds.values();
  }

  /** Follows the streams before anybody asks: then whoever connects knows at once where it stands. */
  prepare(streams: readonly KnownStream[]): void {
    for (const stream of streams) this.#feedOf(stream);
  }

  /** Null until every stream has answered once. */
  courseOf(selection: Selection): Course | null {
    const windows = selection.streams.map((stream) => this.#feedOf(stream).window).filter((window) => window !== null);
    return windows.length < selection.streams.length ? null : { selection, windows };
  }

  /** Serves a client until its outlet is closed. */
  subscribe({ selection, claim, visitor }: Visit, outlet: Outlet): void {
    const lane = this.#enterLane(selection);
    const { connectionAgeMaxMs, random } = this.#options;
    const endsAtMs = performance.now() + connectionAgeMaxMs * (0.8 + random() / 5);
    const subscription = new Subscription(this.#deps, { lane, claim, outlet, endsAtMs });
    this.#heartbeats.add(subscription);
    this.#expiries.add(subscription, visitor.grant);
    this.connections.add(subscription, visitor);
    subscription.begin();
  }

  /** Ends every stream, so that the clients go elsewhere; resolves when all of them are gone. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.#endOneAfterAnother();
    if (this.connections.size === 0) return;
    const cut = setTimeout(() => {
      for (const subscription of this.connections.subscriptions()) subscription.destroy();
    }, DRAIN_GRACE_MS);
    await this.#emptied.promise;
    clearTimeout(cut);
  }

  /** After `drain`. */
  async stop(): Promise<void> {
    this.#heartbeats.stop();
    await Promise.all([...this.#feeds.values()].map((feed) => feed.stop()));
    this.#turns.stop();
  }

  #feedOf(stream: KnownStream): Feed {
    const known = this.#feeds.get(stream.name);
    if (known !== undefined) return known;
    const { reader, log, ringBytesMax, clock } = this.#options;
    const deps: FeedDeps = { reader, log, ringBytesMax, clock, turns: this.#turns };
    const feed = new Feed(stream, deps);
    this.#feeds.set(stream.name, feed);
    feed.open();
    return feed;
  }

  /** Evenly over the window, which is short when there are few. */
  async #endOneAfterAnother(): Promise<void> {
    const leaving = [...this.connections.subscriptions()];
    const windowMs = Math.min(this.#options.drainWindowMs, leaving.length * DRAIN_PER_CLIENT_MS);
    const steps = Math.max(1, Math.ceil(windowMs / DRAIN_STEP_MS));
    const perStep = Math.ceil(leaving.length / steps);
    for (let from = 0; from < leaving.length; from += perStep) {
      for (const subscription of leaving.slice(from, from + perStep)) subscription.end();
      if (from + perStep < leaving.length) await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
    }
  }

  #enterLane(selection: Selection): Lane {
    const known = this.#lanes.get(selection.key);
    if (known !== undefined) {
      known.members += 1;
      return known.lane;
    }
    const feeds = selection.streams.map((stream) => this.#feedOf(stream));
    const lane = new Lane(selection, feeds, { turns: this.#turns, tally: this.tally, clock: this.#options.clock });
    this.#lanes.set(selection.key, { lane, members: 1 });
    return lane;
  }

  #remove(subscription: Subscription): void {
    if (!this.connections.remove(subscription)) return;
    this.#heartbeats.remove(subscription);
    this.#expiries.remove(subscription);
    const { lane } = subscription;
    const entry = this.#lanes.get(lane.selection.key);
    if (entry !== undefined && (entry.members -= 1) === 0) {
      this.#lanes.delete(lane.selection.key);
      lane.close();
    }
    if (this.#isDraining && this.connections.size === 0) this.#emptied.resolve();
  }

  #lookAgain(): void {
    for (const task of this.#later) this.#turns.add(task);
    this.#later.clear();
    for (const feed of this.#feeds.values()) feed.open();
    this.#expiries.look(this.#options.clock());
  }
}
