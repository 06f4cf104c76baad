// What a subscription needs: what all of them share, and what is its own.
import type { Log, StreamReader } from '@longwave/messaging';
import type { Gates } from './gate.ts';
import type { Lane } from './lane.ts';
import type { Outlet } from './outlet.ts';
import type { Claim } from './resume.ts';
import type { SharedAdvances } from './shared-advances.ts';
import type { Subscription } from './subscription.ts';
import type { Tally } from './tally.ts';
import type { Task, Turns } from './turns.ts';

export type SubscriptionDeps = {
  readonly reader: StreamReader;
  readonly turns: Turns;
  readonly tally: Tally;
  readonly log: Log;
  readonly advances: SharedAdvances;
  /** Limit how many clients read from the broker at once. */
  readonly gates: Gates;
  /** Of a snapshot, in each stream. */
  readonly snapshotSubjectsMax: number;
  /** Runs a task in about a second: for trying again. */
  readonly later: { add(task: Task): void; delete(task: Task): void };
  /** When the client shall come back; another number every time. */
  readonly retryMs: () => number;
  /** Called once. */
  readonly onClosed: (subscription: Subscription) => void;
};

export type SubscriptionOptions = {
  readonly lane: Lane;
  readonly claim: Claim;
  readonly outlet: Outlet;
  /** Of `performance.now()`: a connection is leased, because a proxy may keep one for a browser that is long gone. */
  readonly endsAtMs: number;
};
