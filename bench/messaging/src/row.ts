// A row of the report: what was measured, beside what, and whether that is good enough.
import { median } from './statistics.ts';

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** `figure` is what the goal is about: a ratio, or a value with a unit. */
export type Row = {
  readonly what: string;
  readonly unit: string;
  /** Medians of the rounds. */
  readonly package: number;
  readonly raw: number | null;
  readonly figure: number;
  readonly figures: readonly number[];
  /** Null: for information. */
  readonly goal: Goal | null;
};

/** The package against raw nats.js: the median of the rounds' own ratios, because neighbours in time share the noise. */
export function ratioRow(
  what: string,
  unit: string,
  goal: Goal | null,
  ours: readonly number[],
  theirs: readonly number[],
): Row {
  const figures = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
  return { what, unit, package: median(ours), raw: median(theirs), figure: median(figures), figures, goal };
}

/** The package against a figure that the design names. */
export function absoluteRow(what: string, unit: string, goal: Goal, figures: readonly number[]): Row {
  const figure = median(figures);
  return { what, unit, package: figure, raw: null, figure, figures, goal };
}

export function isMet({ figure, goal }: Row): boolean {
  if (goal === null) return true;
  return 'atLeast' in goal ? figure >= goal.atLeast : figure <= goal.atMost;
}
