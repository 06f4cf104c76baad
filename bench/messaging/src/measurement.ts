// What a side is asked to do, and what it says afterwards: the words between the processes of a benchmark.
import { z } from 'zod';

export const orderSchema = z.object({
  work: z.string(),
  /** Messages, or commits. */
  count: z.int().positive(),
  /** The durable consumer to consume from, where there is one. */
  consumer: z.string().default(''),
});
export type Order = z.infer<typeof orderSchema>;

export const measurementSchema = z.object({
  count: z.int().positive(),
  ms: z.number().positive(),
  /** User and system time of the side's whole process. */
  cpuMicros: z.number(),
  /** Of each message, where the work is about that. */
  latenciesMs: z.array(z.number()).default([]),
});
export type Measurement = z.infer<typeof measurementSchema>;

/** Does `work`, which handles `count` messages and may return how long each took. */
export async function measure(count: number, work: () => Promise<readonly number[] | void>): Promise<Measurement> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const latenciesMs = await work();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { count, ms, cpuMicros: user + system, latenciesMs: [...(latenciesMs ?? [])] };
}
