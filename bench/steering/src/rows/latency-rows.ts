// Row 2: how long after the answer, which is after the commit, a subscriber has the message. One change at a time.
import { percentile, shown, type Row } from '@longwave/bench-report';
import type { Plan } from '../plan.ts';
import type { Stage } from '../stage.ts';

const MEDIAN_AT_MOST_MS = 15;
const P99_AT_MOST_MS = 100;
const WARM_UP = 50;

export async function latencyRows(stage: Stage, { changes }: Plan): Promise<readonly Row[]> {
  await measure(stage, WARM_UP);
  const { answeredToHeard, sentToHeard } = await measure(stage, changes);
  const figure = (rank: number) => ({ goal: 2, figure: percentile(answeredToHeard, rank), unit: 'ms' });
  return [
    { ...figure(50), what: 'REST commit → message at a subscriber, p50', bound: { atMost: MEDIAN_AT_MOST_MS } },
    {
      ...figure(99),
      what: 'REST commit → message at a subscriber, p99',
      bound: { atMost: P99_AT_MOST_MS },
      beside: `from the request on: p50 ${shown(percentile(sentToHeard, 50))} ms, p99 ${shown(percentile(sentToHeard, 99))} ms`,
    },
  ];
}

type Latencies = { readonly answeredToHeard: readonly number[]; readonly sentToHeard: readonly number[] };

async function measure({ steering, broker }: Stage, changes: number): Promise<Latencies> {
  const subscription = broker.plain.subscribe('resource.steering.show.*.created');
  await broker.plain.flush();
  const messages = subscription[Symbol.asyncIterator]();
  const answeredToHeard: number[] = [];
  const sentToHeard: number[] = [];
  for (let index = 0; index < changes; index += 1) {
    const heard = messages.next().then(() => performance.now());
    const sentAt = performance.now();
    await steering.send('POST', 'shows/', { name: `Told ${index}` });
    const answeredAt = performance.now();
    const heardAt = await heard;
    // The message may be first.
    answeredToHeard.push(Math.max(0, heardAt - answeredAt));
    sentToHeard.push(heardAt - sentAt);
  }
  subscription.unsubscribe();
  return { answeredToHeard, sentToHeard };
}
