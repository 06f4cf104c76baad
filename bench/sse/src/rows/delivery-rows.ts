// What it costs to tell an event to many: one event for every write, beside all peers, and as many as come at once.
import { percentile, shown, type Row } from '@longwave/bench-report';
import type { Contender } from '../contenders/contender.ts';
import type { SseProxy } from '../contenders/sse-proxy.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { cpuSeconds } from '../process-usage.ts';

const MICROSECONDS = 1_000_000;
const FLOOR = 'C send() loop';
const IN_FLIGHT = 256;

export async function deliveryRows(ours: SseProxy, peers: readonly Contender[], plan: Plan): Promise<readonly Row[]> {
  const costs = await costsOf([ours, ...peers], plan);
  const own = costs.get(ours.name) ?? Number.NaN;
  const floor = costs.get(FLOOR);
  const nchan = costs.get('nchan');
  const beside = [...costs].map(([name, cost]) => `${name} ${shown(cost)} µs`).join(', ');
  const what = `CPU per delivered event, one a write, ${plan.comparedClients} clients`;
  return [
    ...(floor === undefined
      ? [{ goal: 3, what: `${what} (no C compiler here)`, figure: own, unit: 'µs', bound: null, beside }]
      : [{ goal: 3, what: `${what}, against C`, figure: own / floor, unit: '×', bound: { atMost: 1.5 }, beside }]),
    ...(nchan === undefined
      ? []
      : [{ goal: 3, what: `${what}, against nchan`, figure: own / nchan, unit: '×', bound: { atMost: 1 } }]),
    await burstRow(ours, plan),
  ];
}

/** Microseconds for each event that each client was given, the median of the rounds; whoever is first changes. */
async function costsOf(contenders: readonly Contender[], plan: Plan): Promise<ReadonlyMap<string, number>> {
  const costs = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round += 1) {
    const order = [...contenders.slice(round % contenders.length), ...contenders.slice(0, round % contenders.length)];
    for (const contender of order) costs.get(contender.name)?.push(await costOf(contender, plan));
  }
  return new Map([...costs].map(([name, values]) => [name, percentile(values, 50)]));
}

/** An event is published when the one before has reached everybody, so that none is written together with another. */
async function costOf(contender: Contender, { comparedClients, eventsPerRound }: Plan): Promise<number> {
  const crowd = await Crowd.connect(contender, { count: comparedClients });
  try {
    await contender.publish();
    await crowd.untilEvents(comparedClients);
    const before = await cpuSeconds(contender.pids);
    for (let event = 2; event <= eventsPerRound + 1; event += 1) {
      await contender.publish();
      await crowd.untilEvents(comparedClients * event);
    }
    const used = (await cpuSeconds(contender.pids)) - before;
    return (used * MICROSECONDS) / (comparedClients * eventsPerRound);
  } finally {
    await crowd.close();
  }
}

/** Published as fast as the stream stores, so that a write carries many. */
async function burstRow(ours: SseProxy, { burstClients, burstEvents }: Plan): Promise<Row> {
  const crowd = await Crowd.connect(ours, { count: burstClients });
  const own = process.cpuUsage();
  const before = await cpuSeconds(ours.pids);
  const lane = async (): Promise<void> => {
    for (let event = 0; event < burstEvents / IN_FLIGHT; event += 1) await ours.publish();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const published = Math.ceil(burstEvents / IN_FLIGHT) * IN_FLIGHT;
  await crowd.untilEvents(published * burstClients);
  const used = (await cpuSeconds(ours.pids)) - before;
  const { user, system } = process.cpuUsage(own);
  await crowd.close();
  const deliveries = published * burstClients;
  return {
    goal: 4,
    what: `deliveries a second and core, ${burstClients} clients, ${published} events at once`,
    figure: deliveries / used,
    unit: '/s',
    bound: { atLeast: 600_000 },
    beside: `the clients and the publisher took ${shown((user + system) / deliveries)} µs for each`,
  };
}
