// How much is measured: enough for a verdict, or a quick look.

export type Plan = {
  readonly schedules: number;
  readonly changes: number;
  /** Rounds that count; one more goes before them, for the compilers of both sides. */
  readonly rounds: number;
  readonly writesPerRound: number;
  readonly windows: number;
};

export const fullPlan: Plan = { schedules: 100, changes: 2_000, rounds: 9, writesPerRound: 600, windows: 3_000 };

export const quickPlan: Plan = { schedules: 25, changes: 300, rounds: 4, writesPerRound: 200, windows: 500 };
