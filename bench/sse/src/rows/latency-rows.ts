// How long it takes from publishing to a client, and whether clients that take nothing make it longer for the others.
import { percentile, shown, type Row } from '@longwave/bench-report';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareWrites } from '../contenders/bare-writes.ts';
import type { Contender } from '../contenders/contender.ts';
import type { SseProxy } from '../contenders/sse-proxy.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { ownBytes } from '../process-usage.ts';

const EVERY_MS = 10;
const ROUND_MS = 1_000;
/** Of a payload: when it was made follows. */
const AT = Buffer.from('"at":');
const DIGITS_MAX = 20;
const NANOSECONDS_PER_MS = 1_000_000;
const BYTES_PER_KIB = 1_024;
const CLIENTS = 100;
const WITH_STALLED = { clients: 500, stalled: 5 };
/** Memory is measured with more of them: the noise of a heap is a megabyte or two, however few they are. */
const STALLED_FOR_MEMORY = 250;

/** Beside the floor, a second of one and a second of the other, so that both have the same neighbours. */
export async function latencyRows(ours: SseProxy, plan: Plan): Promise<readonly Row[]> {
  const floor = await startBareWrites(ours.broker);
  const [own, bare] = [await watch(ours, CLIENTS), await watch(floor, CLIENTS)];
  let generatorMicros = 0;
  for (let passedMs = 0; passedMs < plan.latencyMs; passedMs += ROUND_MS) {
    const before = process.cpuUsage();
    await publishFor(ours, ROUND_MS);
    const { user, system } = process.cpuUsage(before);
    generatorMicros += user + system;
    await publishFor(floor, ROUND_MS);
  }
  const [values, floorValues] = [own.taken(), bare.taken()];
  await Promise.all([own.close(), bare.close()]);
  await floor.stop();
  const what = `publish → client, ${CLIENTS} clients`;
  const beside = `${floor.name}: p50 ${shown(percentile(floorValues, 50))} ms, p99 ${shown(percentile(floorValues, 99))} ms; the clients and the publisher took ${shown(generatorMicros / values.length)} µs for each`;
  return [
    { goal: 5, what: `${what}, p50`, figure: percentile(values, 50), unit: 'ms', bound: { atMost: 1.5 }, beside },
    { goal: 5, what: `${what}, p99`, figure: percentile(values, 99), unit: 'ms', bound: { atMost: 5 } },
  ];
}

export async function stalledRows(ours: SseProxy, plan: Plan): Promise<readonly Row[]> {
  const { clients, stalled } = WITH_STALLED;
  const crowd = await watch(ours, clients);
  await publishFor(ours, plan.stalledMs / 10);
  const healthy = crowd.taken();
  crowd.stall(stalled);
  await publishFor(ours, plan.stalledMs);
  const beside = crowd.taken();
  const before = await ownBytes(ours.pids);
  crowd.stall(STALLED_FOR_MEMORY);
  await publishFor(ours, plan.stalledMs / 2);
  const grown = ((await ownBytes(ours.pids)) - before) / STALLED_FOR_MEMORY / BYTES_PER_KIB;
  await crowd.close();
  const [alone, together] = [percentile(healthy, 99), percentile(beside, 99)];
  const what = `${stalled} of ${clients} clients stalled for ${plan.stalledMs / 1_000} s`;
  return [
    {
      goal: 8,
      what: `${STALLED_FOR_MEMORY} of ${clients} clients stalled: memory of each`,
      figure: Math.max(0, grown),
      unit: 'KiB',
      bound: { atMost: 32 },
    },
    {
      goal: 8,
      what: `${what}: p99 of the others`,
      figure: together / alone,
      unit: '×',
      bound: { atMost: 1.2 },
      beside: `p99 ${shown(alone)} ms without, ${shown(together)} ms with them`,
    },
  ];
}

type Watched = {
  /** Milliseconds of every event at every reader since this was last asked. */
  taken(): readonly number[];
  stall(count: number): void;
  close(): Promise<void>;
};

/** Of many clients the first hundred read; those that are stalled are the last. */
async function watch(contender: Contender, count: number): Promise<Watched> {
  let values: number[] = [];
  const onBytes = (bytes: Buffer): void => {
    const now = Number(process.hrtime.bigint());
    // What a hundred clients take to read an event is in the figure, so it is kept small.
    for (let at = bytes.indexOf(AT); at !== -1; at = bytes.indexOf(AT, at + 1)) {
      const digits = bytes.toString('latin1', at + AT.length, at + AT.length + DIGITS_MAX);
      values.push((now - Number.parseInt(digits, 10)) / NANOSECONDS_PER_MS);
    }
  };
  const crowd = await Crowd.connect(contender, { count, readers: CLIENTS, onBytes });
  return {
    taken: () => {
      const taken = values;
      values = [];
      return taken;
    },
    stall: (stalled) => crowd.stall(stalled),
    close: () => crowd.close(),
  };
}

async function publishFor(contender: Contender, durationMs: number): Promise<void> {
  const endsAt = performance.now() + durationMs;
  for (let dueAt = performance.now(); dueAt < endsAt; dueAt += EVERY_MS) {
    await sleep(Math.max(0, dueAt - performance.now()));
    await contender.publish();
  }
  await sleep(EVERY_MS * 10);
}
