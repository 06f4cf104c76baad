// A run: on what it was taken, its rows as they are measured, and whether every goal is met.
import { cpus, loadavg } from 'node:os';
import { isMet, printRow, shown, type Row } from './row.ts';

/**
 * One measurement after the other, each alone. The load before and after tells whether others were at work. `note`
 * stands at the end.
 */
export async function report(
  measurements: readonly (() => Promise<readonly Row[]>)[],
  note = '',
): Promise<{ readonly isEveryGoalMet: boolean }> {
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, load ${load()} before the run\n`);
  const rows: Row[] = [];
  for (const measurement of measurements) {
    const measured = await measurement();
    measured.forEach(printRow);
    rows.push(...measured);
  }
  console.log(`\nload ${load()} after the run${note}`);
  return { isEveryGoalMet: rows.every(isMet) };
}

/** Of the last minute. */
function load(): string {
  return shown(loadavg()[0] ?? Number.NaN);
}
