// What the reader of a run sees: on what it was taken, and a line per row.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { z } from 'zod';
import { type Goal, isMet, type Row } from './row.ts';

const GIB = 1024 ** 3;
const WIDTHS = [42, 16, 16, 24, 10] as const;

export function printConditions(): void {
  const [cpu] = cpus();
  const load = loadavg().map((value) => value.toFixed(1));
  console.log(
    `machine   ${cpus().length} × ${cpu?.model.trim() ?? '?'}, ${(totalmem() / GIB).toFixed(0)} GiB, ${type()} ${release()}`,
  );
  console.log(`load      ${load.join(', ')} (1, 5, 15 min) before the run`);
  console.log(`versions  node ${process.versions.node}, nats.js ${versionOf('@nats-io/transport-node')}`);
}

/** Prints the rows, with verdicts unless they are for information; false when a goal is missed. */
export function printRows(title: string, rows: readonly Row[], isJudged: boolean): boolean {
  console.log(`\n${title}`);
  printLine(['', 'package', 'raw', 'ratio (min–max)', 'goal'], isJudged ? 'verdict' : '');
  for (const row of rows) {
    const sides = [row.package, row.raw].map((value) => (value === null ? '–' : `${shown(value)} ${row.unit}`));
    const verdict = isMet(row) ? 'met' : 'MISSED';
    printLine([row.what, ...sides, ratioOf(row), shownGoal(row.goal)], isJudged ? verdict : '');
  }
  return !isJudged || rows.every(isMet);
}

function printLine(cells: readonly string[], verdict: string): void {
  const padded = cells.map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0)));
  console.log(`${padded.join('')}   ${verdict}`.trimEnd());
}

function ratioOf({ raw, figure, figures }: Row): string {
  const range = figures.length > 1 ? ` (${shown(Math.min(...figures))}–${shown(Math.max(...figures))})` : '';
  return raw === null ? range.trim() : `${shown(figure)}×${range}`;
}

function shownGoal(goal: Goal): string {
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)}` : `≤ ${shown(goal.atMost)}`;
}

function shown(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

function versionOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  return file === undefined
    ? '?'
    : z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
