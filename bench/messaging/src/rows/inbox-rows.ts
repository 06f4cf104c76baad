// Recording arrivals in a consumer's database, a hundred in a transaction.
import { interleave } from '../interleave.ts';
import type { Plan } from '../plan.ts';
import { ratioRow, type Row } from '../row.ts';
import type { Side } from '../sides/side.ts';
import { perSecond } from './publish-rows.ts';

/** The package asks for each message and is answered for each; there is no call for many. */
export async function inboxRows(inbox: Side, plan: Plan): Promise<readonly Row[]> {
  const { ours, raw } = await interleave(plan.rounds, {
    ours: () => inbox.order({ work: 'record each', count: plan.recorded }),
    raw: () => inbox.order({ work: 'insert batch', count: plan.recorded }),
  });
  return [ratioRow('inbox, 100 in a transaction', 'msg/s', { atLeast: 0.8 }, ours.map(perSecond), raw.map(perSecond))];
}
