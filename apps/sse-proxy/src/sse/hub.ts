// Where clients and streams meet: opens a feed for every stream somebody hears, a lane for every selection, and keeps
// the list of who is connected. Knows nothing of HTTP.
import type { Log, StreamReader } from '@longwave/messaging';
import type { Selection } from '../domain/selection.ts';
import type { KnownStream } from '../domain/stream-topology.ts';
import { Feed, type FeedDeps } from './feed.ts';
import { Gate } from './gate.ts';
import { Heartbeats } from './heartbeats.ts';
import { Lane } from './lane.ts';
import type { Outlet } from './outlet.ts';
import type { Claim } from './resume.ts';
import { Subscription, type SubscriptionDeps } from './subscription.ts';
import { startTally, type Tally } from './tally.ts';
import { Turns, type Task } from './turns.ts';

export type HubOptions = {
  readonly reader: StreamReader;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly ringBytesMax: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
};

/** Clients that read from the broker at once; each holds a batch of messages meanwhile. */
const READING_MAX = 16;
/** What a native EventSource waits before it reconnects; spread, so that a restart brings no stampede. */
const RETRY_MS = { min: 1_000, spread: 2_000 };
/** For the sockets to take the end of the stream; after that they are cut. */
const DRAIN_GRACE_MS = 1_000;

export class Hub {
  readonly tally: Tally = startTally();
  readonly #options: HubOptions;
  readonly #turns = new Turns();
  readonly #heartbeats: Heartbeats;
  readonly #feeds = new Map<string, Feed>();
  readonly #lanes = new Map<string, { readonly lane: Lane; members: number }>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #later = new Set<Task>();
  readonly #deps: SubscriptionDeps;
  readonly #emptied = Promise.withResolvers<void>();
  #isDraining = false;

  constructor(options: HubOptions) {
    this.#options = options;
    const { reader, log, heartbeatMs } = options;
    const [turns, tally, later] = [this.#turns, this.tally, this.#later];
    const onClosed = (subscription: Subscription): void => this.#remove(subscription);
    this.#deps = { reader, log, turns, tally, later, gate: new Gate(READING_MAX), onClosed };
    this.#heartbeats = new Heartbeats({ intervalMs: heartbeatMs, turns, onTick: () => this.#lookAgain() });
  }

  get connections(): number {
    return this.#subscriptions.size;
  }

  /** No client is to be taken in any more. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Follows the streams before anybody asks: then whoever connects knows at once where it stands. */
  prepare(streams: readonly KnownStream[]): void {
    for (const stream of streams) this.#feedOf(stream);
  }

  /** Serves a client until its outlet is closed. */
  subscribe(selection: Selection, claim: Claim, outlet: Outlet): void {
    const lane = this.#enterLane(selection);
    const subscription = new Subscription(this.#deps, { lane, claim, outlet, retryMs: this.#retryMs() });
    this.#heartbeats.add(subscription);
    this.#subscriptions.add(subscription);
    subscription.begin();
  }

  /** Ends every stream, so that the clients go elsewhere; resolves when all of them are gone. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    for (const subscription of this.#subscriptions) subscription.end(this.#retryMs());
    if (this.connections === 0) return;
    const cut = setTimeout(() => {
      for (const subscription of this.#subscriptions) subscription.destroy();
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

  #retryMs(): number {
    return RETRY_MS.min + this.#options.random() * RETRY_MS.spread;
  }

  #enterLane(selection: Selection): Lane {
    const known = this.#lanes.get(selection.key);
    if (known !== undefined) {
      known.members += 1;
      return known.lane;
    }
    const feeds = selection.streams.map((stream) => this.#feedOf(stream));
    const lane = new Lane(selection, feeds, this.#turns);
    this.#lanes.set(selection.key, { lane, members: 1 });
    return lane;
  }

  #feedOf(stream: KnownStream): Feed {
    const known = this.#feeds.get(stream.name);
    if (known !== undefined) return known;
    const { reader, log, ringBytesMax } = this.#options;
    const deps: FeedDeps = { reader, log, ringBytesMax, turns: this.#turns };
    const feed = new Feed(stream, deps);
    this.#feeds.set(stream.name, feed);
    feed.open();
    return feed;
  }

  #remove(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription)) return;
    this.#heartbeats.remove(subscription);
    const { lane } = subscription;
    const entry = this.#lanes.get(lane.selection.key);
    if (entry !== undefined && (entry.members -= 1) === 0) {
      this.#lanes.delete(lane.selection.key);
      lane.close();
    }
    if (this.#isDraining && this.connections === 0) this.#emptied.resolve();
  }

  #lookAgain(): void {
    for (const task of this.#later) this.#turns.add(task);
    this.#later.clear();
    for (const feed of this.#feeds.values()) feed.open();
  }
}
