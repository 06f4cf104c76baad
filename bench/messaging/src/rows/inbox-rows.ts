// Recording arrivals in a consumer's database, a hundred in a transaction.
import { interleave } from '../interleave.ts';
import type { Plan } from '../plan.ts';
import { ratioRow, type Row } from '../row.ts';
import type { Side } from '../sides/side.ts';
import { perSecond } from './publish-rows.ts';

/** In one call, and one by one, each beside statements written by hand. */
export async function inboxRows(inbox: Side, plan: Plan): Promise<readonly Row[]> {
  const { batch, each, raw } = await interleave(plan.rounds, {
    batch: () => inbox.order({ work: 'record batch', count: plan.recorded }),
    each: () => inbox.order({ work: 'record each', count: plan.recorded }),
    raw: () => inbox.order({ work: 'insert batch', count: plan.recorded }),
  });
  const theirs = raw.map(perSecond);
  const what = 'inbox, 100 in a transaction';
  return [
    ratioRow(what, 'msg/s', { atLeast: 0.8 }, batch.map(perSecond), theirs),
    ratioRow(`${what}, one by one`, 'msg/s', null, each.map(perSecond), theirs),
  ];
}
