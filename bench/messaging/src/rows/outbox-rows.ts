// The outbox relay with one lane: how fast a backlog goes, and how soon after its commit a message is in the stream.
import { interleave } from '../interleave.ts';
import type { Plan } from '../plan.ts';
import { absoluteRow, type Row } from '../row.ts';
import type { Broker } from '../servers.ts';
import type { Side } from '../sides/side.ts';
import { percentile } from '../statistics.ts';
import { perSecond } from './publish-rows.ts';

export async function outboxRows(broker: Broker, outbox: Side, plan: Plan): Promise<readonly Row[]> {
  const { backlog } = await interleave(plan.rounds, {
    backlog: async () => {
      await broker.empty();
      return outbox.order({ work: 'relay backlog', count: plan.relayed });
    },
  });
  const { latenciesMs } = await outbox.order({ work: 'commit steadily', count: plan.commits });
  const what = 'outbox, commit → stored';
  return [
    absoluteRow('outbox relay, one lane', 'rows/s', { atLeast: 15_000 }, backlog.map(perSecond)),
    absoluteRow(`${what}: p50`, 'ms', { atMost: 10 }, [percentile(latenciesMs, 50)]),
    absoluteRow(`${what}: p99`, 'ms', { atMost: 100 }, [percentile(latenciesMs, 99)]),
  ];
}
