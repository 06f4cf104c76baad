// A line of the table, and how it is printed.

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export type Row = {
  /** The number of the goal in the table of the benchmark's README. */
  readonly goal: number;
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** Null: for comparison only. */
  readonly bound: Goal | null;
  /** What else was seen in the same run. */
  readonly beside?: string;
};

const WHAT_WIDTH = 56;
const FIGURE_WIDTH = 16;
const GOAL_WIDTH = 12;

export function isMet({ bound, figure }: Row): boolean {
  if (bound === null) return true;
  return 'atMost' in bound ? figure <= bound.atMost : figure >= bound.atLeast;
}

export function printRow(row: Row): void {
  const { goal, what, figure, unit, bound, beside } = row;
  const wanted = bound === null ? '' : 'atMost' in bound ? `≤ ${shown(bound.atMost)}` : `≥ ${shown(bound.atLeast)}`;
  const verdict = bound === null ? '' : isMet(row) ? 'met' : 'MISSED';
  const line = `${goal}  ${what.padEnd(WHAT_WIDTH)}${`${shown(figure)} ${unit}`.padStart(FIGURE_WIDTH)}${wanted.padStart(GOAL_WIDTH)}  ${verdict}`;
  console.log(line.trimEnd());
  if (beside !== undefined) console.log(`   ${beside}`);
}

export function shown(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
