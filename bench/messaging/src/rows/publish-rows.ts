// Publishing: many at once, where throughput and CPU count, and one after the other, where the wait counts.
import { interleave } from '../interleave.ts';
import type { Measurement } from '../measurement.ts';
import { type Row, ratioRow } from '../row.ts';
import type { Broker } from '../servers.ts';
import type { Side } from '../sides/side.ts';
import { median } from '../statistics.ts';
import type { Plan } from '../plan.ts';

export async function publishRows(broker: Broker, ours: Side, raw: Side, plan: Plan): Promise<readonly Row[]> {
  const publish = async (side: Side): Promise<Measurement> => {
    await broker.empty();
    return side.order({ work: 'publish', count: plan.published });
  };
  const inSequence = (side: Side): Promise<Measurement> =>
    side.order({ work: 'publish in sequence', count: plan.publishedInSequence });
  await checkAlike(broker, ours, raw);
  const many = await interleave(plan.rounds, { ours: () => publish(ours), raw: () => publish(raw) });
  const one = await interleave(plan.rounds, { ours: () => inSequence(ours), raw: () => inSequence(raw) });
  const what = 'publish, 256 in flight';
  return [
    ratioRow(what, 'msg/s', { atLeast: 2 }, many.ours.map(perSecond), many.raw.map(perSecond)),
    ratioRow(`${what}: CPU`, 'µs/msg', { atMost: 0.6 }, many.ours.map(cpuMicros), many.raw.map(cpuMicros)),
    ratioRow('publish in sequence: p50', 'ms', { atMost: 1.1 }, one.ours.map(p50Ms), one.raw.map(p50Ms)),
  ];
}

/** Both sides must send the same headers, or the comparison says nothing. */
async function checkAlike(broker: Broker, ours: Side, raw: Side): Promise<void> {
  const names: string[] = [];
  for (const side of [ours, raw]) {
    await side.order({ work: 'publish', count: 1 });
    names.push((await broker.newestHeaderNames()).join(', '));
  }
  if (names[0] !== names[1]) throw new Error(`the sides send different headers: ${names.join(' and ')}`);
}

export function perSecond({ count, ms }: Measurement): number {
  return (count / ms) * 1_000;
}

export function cpuMicros(measurement: Measurement): number {
  return measurement.cpuMicros / measurement.count;
}

function p50Ms({ latenciesMs }: Measurement): number {
  return median(latenciesMs);
}
