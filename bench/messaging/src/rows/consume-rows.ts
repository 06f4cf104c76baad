// Consuming a stream from its beginning: decode, validate, acknowledge. Every turn has a durable consumer of its own,
// and what it claims to have acknowledged is checked at the server.
import { interleave } from '../interleave.ts';
import type { Measurement } from '../measurement.ts';
import type { Plan } from '../plan.ts';
import { type Row, ratioRow } from '../row.ts';
import type { Broker } from '../servers.ts';
import type { Side } from '../sides/side.ts';
import { cpuMicros, perSecond } from './publish-rows.ts';

export async function consumeRows(broker: Broker, ours: Side, raw: Side, plan: Plan): Promise<readonly Row[]> {
  const { consumed: count } = plan;
  let turns = 0;
  const consume = async (side: Side, work: string): Promise<Measurement> => {
    const consumer = `turn-${turns++}`;
    await broker.addConsumer(consumer);
    const measurement = await side.order({ work, count, consumer });
    await broker.checkAcknowledged(consumer, count);
    return measurement;
  };
  await broker.empty();
  await raw.order({ work: 'publish', count });
  const {
    ours: package_,
    callback,
    iterator,
  } = await interleave(plan.rounds, {
    ours: () => consume(ours, 'consume'),
    callback: () => consume(raw, 'consume by callback'),
    iterator: () => consume(raw, 'consume by iterator'),
  });
  const what = 'consume, prefetch 1000, against';
  return [
    ratioRow(`${what} callback`, 'msg/s', { atLeast: 0.8 }, package_.map(perSecond), callback.map(perSecond)),
    ratioRow(`${what} callback: CPU`, 'µs/msg', null, package_.map(cpuMicros), callback.map(cpuMicros)),
    ratioRow(`${what} iterator`, 'msg/s', { atLeast: 1.5 }, package_.map(perSecond), iterator.map(perSecond)),
  ];
}
