// What it costs to tell many browsers: the goals of the SSE proxy, each measured beside a floor and beside peers in the
// same run. Prints each figure, goal and verdict; ends with a failure when a goal is missed.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startBetterSse } from './contenders/better-sse.ts';
import type { Contender } from './contenders/contender.ts';
import { startNchan } from './contenders/nchan.ts';
import { startSendLoop } from './contenders/send-loop.ts';
import { startSseProxy, type SseProxy } from './contenders/sse-proxy.ts';
import { fullPlan, quickPlan, type Plan } from './plan.ts';
import { isMet, printRow, shown, type Row } from './row.ts';
import { deliveryRows } from './rows/delivery-rows.ts';
import { idleRows } from './rows/idle-rows.ts';
import { latencyRows, stalledRows } from './rows/latency-rows.ts';
import { replayRows } from './rows/replay-rows.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

async function main(): Promise<void> {
  const plan = values.quick ? quickPlan : fullPlan;
  const load = (): string => shown(loadavg()[0] ?? Number.NaN);
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, load ${load()} before the run\n`);
  const peers = [await startSendLoop(), await startNchan(), await startBetterSse()].filter((peer) => peer !== null);
  const missing = ['C send() loop', 'nchan'].filter((name) => !peers.some((peer) => peer.name === name));
  const ours = await startSseProxy();
  try {
    const rows = await measure(ours, peers, plan);
    const others = missing.length > 0 ? `; not here: ${missing.join(', ')}` : '';
    console.log(`\nload ${load()} after the run${others}`);
    process.exitCode = rows.every(isMet) ? 0 : 1;
  } finally {
    for (const contender of [ours, ...peers]) await contender.stop();
  }
}

/** One row after the other, each alone. */
async function measure(ours: SseProxy, peers: readonly Contender[], plan: Plan): Promise<readonly Row[]> {
  const servers = peers.filter(({ name }) => name !== 'C send() loop');
  const measurements = [
    () => idleRows(ours, servers, plan),
    () => deliveryRows(ours, peers, plan),
    () => latencyRows(ours, plan),
    () => replayRows(ours, plan),
    () => stalledRows(ours, plan),
  ];
  const rows: Row[] = [];
  for (const measurement of measurements) {
    const measured = await measurement();
    measured.forEach(printRow);
    rows.push(...measured);
  }
  return rows;
}

await main();
if (process.connected) process.disconnect();
