// What a client costs that hears nothing: memory, and the processor time of its heartbeats.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { cpuSeconds, residentBytes } from '../process-usage.ts';
import { shown, type Row } from '../row.ts';

const BYTES_PER_KIB = 1_024;
/** For what was allocated while they connected to be collected. */
const SETTLE_MS = 3_000;
const WARM_UP = 500;

/** To be measured first: a process that has grown once does not grow again for the next clients. */
export async function idleRows(ours: Contender, peers: readonly Contender[], plan: Plan): Promise<readonly Row[]> {
  const kib = await memoryOf(ours, plan.comparedClients);
  const others: string[] = [];
  for (const peer of peers) others.push(`${peer.name} ${shown(await memoryOf(peer, plan.comparedClients))} KiB`);
  const memory: Row = {
    goal: 2,
    what: `memory per idle connection, ${plan.comparedClients} of them`,
    figure: kib,
    unit: 'KiB',
    bound: { atMost: 6 },
    beside: others.join(', '),
  };
  return [memory, ...(await idleFor(ours, plan))];
}

async function idleFor(ours: Contender, { idleClients, idleMs }: Plan): Promise<readonly Row[]> {
  const crowd = await Crowd.connect(ours, { count: idleClients });
  await sleep(SETTLE_MS);
  const before = await cpuSeconds(ours.pids);
  await sleep(idleMs);
  const cores = ((await cpuSeconds(ours.pids)) - before) / (idleMs / 1_000);
  const { lost } = crowd;
  await crowd.close();
  const what = `${idleClients} idle connections for ${idleMs / 1_000} s`;
  return [
    { goal: 1, what: `${what}: lost`, figure: lost, unit: '', bound: { atMost: 0 } },
    { goal: 1, what: `${what}: heartbeats`, figure: cores, unit: 'cores', bound: { atMost: 0.06 } },
  ];
}

/** In KiB. Connected once before, so that what a process needs for its first clients is not counted. */
async function memoryOf(contender: Contender, clients: number): Promise<number> {
  await (await Crowd.connect(contender, { count: WARM_UP })).close();
  await sleep(SETTLE_MS);
  const before = await residentBytes(contender.pids);
  const crowd = await Crowd.connect(contender, { count: clients });
  await sleep(SETTLE_MS);
  const after = await residentBytes(contender.pids);
  await crowd.close();
  return (after - before) / clients / BYTES_PER_KIB;
}
