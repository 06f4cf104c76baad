// What the reader of a run sees: on what it was taken, and a line per row.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { z } from 'zod';
import { type Goal, isMet, type Row } from './row.ts';

const GIB = 1024 ** 3;
const WIDTHS = [48, 16, 16, 24, 10] as const;

export function printConditions(): void {
  const [cpu] = cpus();
  console.log(
    `machine   ${cpus().length} × ${cpu?.model.trim() ?? '?'}, ${(totalmem() / GIB).toFixed(0)} GiB, ${type()} ${release()}`,
  );
  console.log(`versions  node ${process.versions.node}, nats.js ${versionOf('@nats-io/transport-node')}`);
}

/** More than the machine has processors: the servers wait for a place as well, and throughput says less than CPU. */
export function printLoad(when: 'before' | 'after'): void {
  const [minute = Number.NaN] = loadavg();
  console.log(`load      ${minute.toFixed(1)} ${when} the run`);
}

/** Prints the rows, with verdicts unless they are for information; false when a goal is missed. */
export function printRows(title: string, rows: readonly Row[], isJudged: boolean): boolean {
  console.log(`\n${title}`);
  printLine(['', 'package', 'raw', 'ratio (min–max)', 'goal'], isJudged ? 'verdict' : '');
  for (const row of rows) {
    const sides = [row.package, row.raw].map((value) => (value === null ? '–' : `${shown(value)} ${row.unit}`));
    const verdict = !isJudged || row.goal === null ? '' : isMet(row) ? 'met' : 'MISSED';
    printLine([row.what, ...sides, ratioOf(row), shownGoal(row.goal)], verdict);
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

function shownGoal(goal: Goal | null): string {
  if (goal === null) return '–';
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
