// How much is measured: enough for a verdict, or a quick look.

export type Plan = {
  /** Rounds that count; one more goes before them, for the compilers of both sides. */
  readonly rounds: number;
  /** Messages of one round. */
  readonly published: number;
  readonly publishedInSequence: number;
  readonly consumed: number;
  readonly requested: number;
  readonly relayed: number;
  readonly commits: number;
  readonly recorded: number;
  /** Also with `sync_interval: always`, for information. */
  readonly isAlsoSynced: boolean;
};

export const fullPlan: Plan = {
  rounds: 7,
  published: 30_000,
  publishedInSequence: 2_000,
  consumed: 50_000,
  requested: 20_000,
  relayed: 20_000,
  commits: 2_000,
  recorded: 5_000,
  isAlsoSynced: true,
};

export const quickPlan: Plan = {
  rounds: 3,
  published: 10_000,
  publishedInSequence: 500,
  consumed: 20_000,
  requested: 5_000,
  relayed: 10_000,
  commits: 300,
  recorded: 2_000,
  isAlsoSynced: false,
};

/** For the run with an fsync per message: a disk does hundreds of them a second, not tens of thousands. */
export function syncedPlan(plan: Plan): Plan {
  return {
    ...plan,
    rounds: 3,
    published: 2_000,
    publishedInSequence: 200,
    relayed: 2_000,
    commits: 300,
    recorded: 2_000,
  };
}
