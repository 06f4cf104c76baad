// What it costs to change the radio program, to tell of it and to read it: the goals of steering, each on real servers.
// Prints each figure, goal and verdict; ends with a failure when a goal is missed.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { fullPlan, quickPlan, type Plan } from './plan.ts';
import { isMet, printRow, shown, type Row } from './row.ts';
import { latencyRows } from './rows/latency-rows.ts';
import { playoutRows } from './rows/playout-rows.ts';
import { scheduleRows } from './rows/schedule-rows.ts';
import { writeRows } from './rows/write-rows.ts';
import { openStage, type Stage } from './stage.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

async function main(): Promise<void> {
  const load = (): string => shown(loadavg()[0] ?? Number.NaN);
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, load ${load()} before the run\n`);
  const stage = await openStage();
  try {
    const rows = await measure(stage, values.quick ? quickPlan : fullPlan);
    console.log(`\nload ${load()} after the run`);
    process.exitCode = rows.every(isMet) ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

/** One row after the other, each alone; the one that fills the database last. */
async function measure(stage: Stage, plan: Plan): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const measureRows of [scheduleRows, latencyRows, writeRows, playoutRows]) {
    const measured = await measureRows(stage, plan);
    measured.forEach(printRow);
    rows.push(...measured);
  }
  return rows;
}

await main();
if (process.connected) process.disconnect();
