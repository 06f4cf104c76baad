// What it costs to tell many browsers: the goals of the SSE proxy, each measured beside a floor and beside peers in the
// same run. Prints each figure, goal and verdict; ends with a failure when a goal is missed.
import { report } from '@longwave/bench-report';
import { parseArgs } from 'node:util';
import { startBetterSse } from './contenders/better-sse.ts';
import { startNchan } from './contenders/nchan.ts';
import { startSendLoop } from './contenders/send-loop.ts';
import { startSseProxy } from './contenders/sse-proxy.ts';
import { fullPlan, quickPlan } from './plan.ts';
import { deliveryRows } from './rows/delivery-rows.ts';
import { idleRows } from './rows/idle-rows.ts';
import { latencyRows, stalledRows } from './rows/latency-rows.ts';
import { replayRows } from './rows/replay-rows.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const LOOP = 'C send() loop';

async function main(): Promise<void> {
  const plan = values.quick ? quickPlan : fullPlan;
  const peers = [await startSendLoop(), await startNchan(), await startBetterSse()].filter((peer) => peer !== null);
  const missing = [LOOP, 'nchan'].filter((name) => !peers.some((peer) => peer.name === name));
  const servers = peers.filter(({ name }) => name !== LOOP);
  const ours = await startSseProxy();
  try {
    const measurements = [
      () => idleRows(ours, servers, plan),
      () => deliveryRows(ours, peers, plan),
      () => latencyRows(ours, plan),
      () => replayRows(ours, plan),
      () => stalledRows(ours, plan),
    ];
    const note = missing.length > 0 ? `; not here: ${missing.join(', ')}` : '';
    process.exitCode = (await report(measurements, note)).isEveryGoalMet ? 0 : 1;
  } finally {
    for (const contender of [ours, ...peers]) await contender.stop();
  }
}

await main();
if (process.connected) process.disconnect();
