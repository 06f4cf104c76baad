// Figure, goal, verdict: one line each.

export type Row = {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly goalAtMost: number;
};

const WIDTH = 46;

/** Prints the rows; false when a goal is missed. */
export function printRows(rows: readonly Row[]): boolean {
  for (const { what, figure, unit, goalAtMost } of rows) {
    const verdict = figure <= goalAtMost ? 'met' : 'MISSED';
    console.log(
      `${what.padEnd(WIDTH)} ${`${figure.toFixed(1)} ${unit}`.padStart(12)}   goal ≤ ${goalAtMost} ${unit}   ${verdict}`,
    );
  }
  return rows.every(({ figure, goalAtMost }) => figure <= goalAtMost);
}

/** The nearest-rank percentile. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}
