// What it costs to change the radio program, to tell of it and to read it: the goals of steering, each on real servers.
// Prints each figure, goal and verdict; ends with a failure when a goal is missed.
import { report } from '@longwave/bench-report';
import { parseArgs } from 'node:util';
import { fullPlan, quickPlan } from './plan.ts';
import { latencyRows } from './rows/latency-rows.ts';
import { playoutRows } from './rows/playout-rows.ts';
import { scheduleRows } from './rows/schedule-rows.ts';
import { writeRows } from './rows/write-rows.ts';
import { openStage } from './stage.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

async function main(): Promise<void> {
  const plan = values.quick ? quickPlan : fullPlan;
  const stage = await openStage();
  try {
    // The one that fills the database last.
    const measurements = [scheduleRows, latencyRows, writeRows, playoutRows].map((rows) => () => rows(stage, plan));
    process.exitCode = (await report(measurements)).isEveryGoalMet ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

await main();
if (process.connected) process.disconnect();
