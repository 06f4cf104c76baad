// Asking and being answered, many at once. Both ends are in the side's process.
import { interleave } from '../interleave.ts';
import type { Plan } from '../plan.ts';
import { type Row, ratioRow } from '../row.ts';
import type { Side } from '../sides/side.ts';
import { cpuMicros, perSecond } from './publish-rows.ts';

export async function requestRows(ours: Side, raw: Side, plan: Plan): Promise<readonly Row[]> {
  const order = { work: 'request', count: plan.requested };
  const asked = await interleave(plan.rounds, { ours: () => ours.order(order), raw: () => raw.order(order) });
  const what = 'request/reply, 256 in flight';
  return [
    ratioRow(what, 'msg/s', { atLeast: 1 }, asked.ours.map(perSecond), asked.raw.map(perSecond)),
    ratioRow(`${what}: CPU`, 'µs/msg', null, asked.ours.map(cpuMicros), asked.raw.map(cpuMicros)),
  ];
}
