// How long it takes from publishing to a client, and whether clients that take nothing make it longer for the others.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SseProxy } from '../contenders/sse-proxy.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { residentBytes } from '../process-usage.ts';
import { percentile, shown, type Row } from '../row.ts';

const EVERY_MS = 10;
const NANOSECONDS_PER_MS = 1_000_000;
const BYTES_PER_KIB = 1_024;
const CLIENTS = 100;
const WITH_STALLED = { clients: 500, stalled: 5 };
/** Memory is measured with more of them: the noise of a heap is a megabyte or two, however few they are. */
const STALLED_FOR_MEMORY = 250;

export async function latencyRows(ours: SseProxy, plan: Plan): Promise<readonly Row[]> {
  const crowd = await watch(ours, CLIENTS);
  const values = await crowd.publishFor(plan.latencyMs);
  await crowd.close();
  const what = `publish → client, ${CLIENTS} clients`;
  return [
    { goal: 5, what: `${what}, p50`, figure: percentile(values, 50), unit: 'ms', bound: { atMost: 1.5 } },
    { goal: 5, what: `${what}, p99`, figure: percentile(values, 99), unit: 'ms', bound: { atMost: 5 } },
  ];
}

export async function stalledRows(ours: SseProxy, plan: Plan): Promise<readonly Row[]> {
  const { clients, stalled } = WITH_STALLED;
  const crowd = await watch(ours, clients);
  const healthy = await crowd.publishFor(plan.stalledMs / 10);
  crowd.stall(stalled);
  const beside = await crowd.publishFor(plan.stalledMs);
  const before = await residentBytes(ours.pids);
  crowd.stall(STALLED_FOR_MEMORY);
  await crowd.publishFor(plan.stalledMs / 2);
  const grown = ((await residentBytes(ours.pids)) - before) / STALLED_FOR_MEMORY / BYTES_PER_KIB;
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
  /** Milliseconds of every event at every reader. */
  publishFor(durationMs: number): Promise<readonly number[]>;
  stall(count: number): void;
  close(): Promise<void>;
};

/** Of many clients the first hundred read; those that are stalled are the last. */
async function watch(ours: SseProxy, count: number): Promise<Watched> {
  let values: number[] = [];
  const onText = (text: string): void => {
    const now = process.hrtime.bigint();
    for (const [, at] of text.matchAll(/"at":(\d+)/g)) values.push(Number(now - BigInt(at ?? 0)) / NANOSECONDS_PER_MS);
  };
  const crowd = await Crowd.connect(ours, { count, readers: CLIENTS, onText });
  return {
    publishFor: async (durationMs) => {
      values = [];
      const endsAt = performance.now() + durationMs;
      for (let dueAt = performance.now(); dueAt < endsAt; dueAt += EVERY_MS) {
        await sleep(Math.max(0, dueAt - performance.now()));
        await ours.publish();
      }
      await sleep(EVERY_MS * 10);
      return values;
    },
    stall: (stalled) => crowd.stall(stalled),
    close: () => crowd.close(),
  };
}
