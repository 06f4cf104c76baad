// Asking and being answered, many at once. Both ends are in the side's process.
import { interleave } from '../interleave.ts';
import type { Plan } from '../plan.ts';
import { type Row, ratioRow } from '../row.ts';
import type { Broker } from '../servers.ts';
import type { Side } from '../sides/side.ts';
import { cpuMicros, perSecond } from './publish-rows.ts';

export async function requestRows(broker: Broker, ours: Side, raw: Side, plan: Plan): Promise<readonly Row[]> {
  const order = { work: 'request', count: plan.requested };
  await checkAlike(broker, ours, raw);
  const {
    ours: package_,
    like,
    bare,
  } = await interleave(plan.rounds, {
    ours: () => ours.order(order),
    like: () => raw.order(order),
    bare: () => raw.order({ ...order, work: 'request without headers' }),
  });
  const what = 'request/reply, 256 in flight';
  return [
    ratioRow(what, 'msg/s', { atLeast: 1 }, package_.map(perSecond), like.map(perSecond)),
    ratioRow(`${what}: CPU`, 'µs/msg', null, package_.map(cpuMicros), like.map(cpuMicros)),
    // The goal does not say which requests it means. These are a seventh of the bytes.
    ratioRow(`${what}, no headers`, 'msg/s', { atLeast: 1 }, package_.map(perSecond), bare.map(perSecond)),
  ];
}

/** Requests and replies must have the same headers on both sides. */
async function checkAlike(broker: Broker, ours: Side, raw: Side): Promise<void> {
  const names: string[] = [];
  for (const side of [ours, raw]) {
    const seen = await broker.headerNamesDuring(() => side.order({ work: 'request', count: 1 }));
    names.push(seen.map((one) => one.join(', ')).join(' and '));
  }
  if (names[0] !== names[1]) throw new Error(`the sides send different headers: ${names.join(', but ')}`);
}
