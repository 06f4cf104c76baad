// A side as the benchmark sees it: a child process that works when it is ordered to. Each side has a process because
// the package changes how nats.js reads headers, process-wide, and because CPU time is counted per process.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Measurement, measurementSchema, type Order } from '../measurement.ts';
import type { Addresses } from './addresses.ts';

export type Side = {
  /** Rejects with what the side says went wrong, or after a minute. */
  order(order: Partial<Order> & Pick<Order, 'work' | 'count'>): Promise<Measurement>;
  stop(): Promise<void>;
};

const ANSWER_WITHIN_MS = 60_000;
const failureSchema = z.object({ error: z.string() });

export async function startSide(name: 'raw' | 'package' | 'outbox' | 'inbox', addresses: Addresses): Promise<Side> {
  const main = fileURLToPath(new URL(`${name}-side.ts`, import.meta.url));
  const child = fork(main, [JSON.stringify(addresses)]);
  await hear(child);
  return {
    order: async (order) => {
      child.send(order);
      const said = await hear(child);
      const failure = failureSchema.safeParse(said);
      if (failure.success) throw new Error(`the ${name} side failed: ${failure.data.error}`);
      return measurementSchema.parse(said);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function hear(child: ChildProcess): Promise<unknown> {
  const answered = new AbortController();
  const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const left = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a side of the benchmark ended with ${String(code)}`);
  });
  // Events carry `any`; what was said is checked by whoever asked.
  const said = once(child, 'message', { signal }).then(([message]): unknown => message);
  left.catch(() => undefined); // also rejects when it was not needed
  try {
    return await Promise.race([said, left]);
  } finally {
    answered.abort();
  }
}
