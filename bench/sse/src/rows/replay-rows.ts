// How fast clients catch up: one that missed very much, and very many that missed a little.
import { shown, type Row } from '@longwave/bench-report';
import type { SseProxy } from '../contenders/sse-proxy.ts';
import { Crowd } from '../crowd.ts';
import type { Plan } from '../plan.ts';
import { ownBytes } from '../process-usage.ts';

const MEBIBYTE = 1024 * 1024;
const MS_PER_S = 1_000;
const IN_FLIGHT = 256;
const BEHIND = 100;
/** What heaps of a process that allocates differ by between two looks. */
const GROWN_MIB_MAX = 64;

export async function replayRows(ours: SseProxy, { replayedEvents, returningClients }: Plan): Promise<readonly Row[]> {
  return [...(await replayToOne(ours, replayedEvents)), await returnOfMany(ours, returningClients)];
}

/** Twice: what a heap grows by once is no matter of how long a replay is, what it grows by again would be. */
async function replayToOne(ours: SseProxy, count: number): Promise<readonly Row[]> {
  const cursor = await cursorNow(ours);
  await publishMany(ours, count);
  const first = await replayOnce(ours, cursor, count);
  const again = await replayOnce(ours, cursor, count);
  const what = `replay of ${count} events to one client`;
  const memory = `${what}: memory, when it is repeated`;
  const beside = `the first time ${shown(first.grownMib)} MiB`;
  return [
    { goal: 6, what, figure: Math.min(first.perSecond, again.perSecond), unit: '/s', bound: { atLeast: 40_000 } },
    { goal: 6, what: memory, figure: again.grownMib, unit: 'MiB', bound: { atMost: GROWN_MIB_MAX }, beside },
  ];
}

type Replayed = { readonly perSecond: number; readonly grownMib: number };

async function replayOnce(ours: SseProxy, cursor: string, count: number): Promise<Replayed> {
  const before = await ownBytes(ours.pids);
  const startedAt = performance.now();
  const one = await Crowd.connect(ours, { count: 1, header: `Last-Event-ID: ${cursor}\r\n` });
  await one.untilEvents(count);
  const seconds = (performance.now() - startedAt) / MS_PER_S;
  const grown = (await ownBytes(ours.pids)) - before;
  await one.close();
  return { perSecond: count / seconds, grownMib: Math.max(0, grown / MEBIBYTE) };
}

async function returnOfMany(ours: SseProxy, clients: number): Promise<Row> {
  const cursor = await cursorNow(ours);
  await publishMany(ours, BEHIND);
  const startedAt = performance.now();
  const crowd = await Crowd.connect(ours, { count: clients, header: `Last-Event-ID: ${cursor}\r\n` });
  await crowd.untilEvents(clients * BEHIND);
  const seconds = (performance.now() - startedAt) / MS_PER_S;
  const { events } = crowd;
  await crowd.close();
  if (events !== clients * BEHIND) throw new Error(`${events} events for ${clients} clients that are ${BEHIND} behind`);
  const what = `${clients} clients come back, each ${BEHIND} behind`;
  return { goal: 7, what, figure: seconds, unit: 's', bound: { atMost: 15 } };
}

/** Where a client stands that connects now. */
async function cursorNow(ours: SseProxy): Promise<string> {
  let heard = '';
  const cursor = (): string => /^id: (\S+)$/m.exec(heard)?.[1] ?? '';
  const onBytes = (bytes: Buffer): void => void (heard += bytes.toString('latin1'));
  const one = await Crowd.connect(ours, { count: 1, readers: 1, onBytes });
  // The head of the answer may come by itself.
  await one.until(() => cursor() !== '');
  await one.close();
  return cursor();
}

async function publishMany(ours: SseProxy, count: number): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ours.publish();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}
