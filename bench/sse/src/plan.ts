// How much is measured: the figures of the goals, or as much as a look takes.

export type Plan = {
  readonly idleClients: number;
  readonly idleMs: number;
  /** Also of each peer; no more, because every one of them needs as many open files. */
  readonly comparedClients: number;
  readonly rounds: number;
  readonly eventsPerRound: number;
  readonly burstClients: number;
  readonly burstEvents: number;
  readonly latencyMs: number;
  readonly replayedEvents: number;
  readonly returningClients: number;
  readonly stalledMs: number;
};

export const fullPlan: Plan = {
  idleClients: 15_000,
  idleMs: 600_000,
  comparedClients: 5_000,
  rounds: 3,
  eventsPerRound: 51,
  burstClients: 500,
  burstEvents: 10_000,
  latencyMs: 20_000,
  replayedEvents: 200_000,
  returningClients: 10_000,
  stalledMs: 600_000,
};

export const quickPlan: Plan = {
  // As many as the goal is about: what a process needs once would be a larger share of fewer.
  idleClients: 15_000,
  idleMs: 20_000,
  comparedClients: 2_000,
  rounds: 2,
  eventsPerRound: 25,
  burstClients: 200,
  burstEvents: 5_000,
  latencyMs: 5_000,
  replayedEvents: 40_000,
  returningClients: 2_000,
  stalledMs: 20_000,
};
