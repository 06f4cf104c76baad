// What a client costs that hears nothing: memory, and the processor time of its heartbeats.
import { shown, type Row } from '@longwave/bench-report';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { cpuSeconds, ownBytes } from '../process-usage.ts';

const BYTES_PER_KIB = 1_024;
/** For what was allocated while they connected to be collected. */
const SETTLE_MS = 3_000;
const WARM_UP = 500;
const MS_PER_S = 1_000;

/** To be measured first: a process that has grown once does not grow again for the next clients. */
export async function idleRows(ours: Contender, peers: readonly Contender[], plan: Plan): Promise<readonly Row[]> {
  const { comparedClients, idleClients } = plan;
  const before = await settledBytes(ours);
  const few = await Crowd.connect(ours, { count: comparedClients });
  const compared = [`${ours.name} ${shown((await grownKib(ours, before)) / comparedClients)} KiB`];
  const others = await Crowd.connect(ours, { count: idleClients - comparedClients });
  const rows = await idle(ours, [few, others], plan);
  const kib = (await grownKib(ours, before)) / idleClients;
  for (const crowd of [few, others]) await crowd.close();
  for (const peer of peers) compared.push(`${peer.name} ${shown(await memoryOf(peer, comparedClients))} KiB`);
  return [
    {
      goal: 2,
      what: `memory per idle connection, ${idleClients} of them`,
      figure: kib,
      unit: 'KiB',
      bound: { atMost: 6 },
      beside: `of ${comparedClients}, what the process grows by once is a larger part: ${compared.join(', ')}`,
    },
    ...rows,
  ];
}

async function idle(ours: Contender, crowds: readonly Crowd[], { idleClients, idleMs }: Plan): Promise<readonly Row[]> {
  const before = await cpuSeconds(ours.pids);
  await sleep(idleMs);
  const cores = ((await cpuSeconds(ours.pids)) - before) / (idleMs / MS_PER_S);
  const lost = crowds.reduce((sum, crowd) => sum + crowd.lost, 0);
  const what = `${idleClients} idle connections for ${idleMs / MS_PER_S} s`;
  return [
    { goal: 1, what: `${what}: lost`, figure: lost, unit: '', bound: { atMost: 0 } },
    { goal: 1, what: `${what}: heartbeats`, figure: cores, unit: 'cores', bound: { atMost: 0.06 } },
  ];
}

/** In KiB. */
async function memoryOf(contender: Contender, clients: number): Promise<number> {
  const before = await settledBytes(contender);
  const crowd = await Crowd.connect(contender, { count: clients });
  const grown = await grownKib(contender, before);
  await crowd.close();
  return grown / clients;
}

/** Connected to once before, so that what a process needs for its first clients is not counted. */
async function settledBytes({ pids, ...target }: Contender): Promise<number> {
  await (await Crowd.connect(target, { count: WARM_UP })).close();
  await sleep(SETTLE_MS);
  return ownBytes(pids);
}

async function grownKib({ pids }: Contender, before: number): Promise<number> {
  await sleep(SETTLE_MS);
  return ((await ownBytes(pids)) - before) / BYTES_PER_KIB;
}
