// Row 3: writes with the outbox and its relay, beside the same writes of the same code in a transaction without, in turns
// on the same servers.
import { percentile, shown, type Row } from '@longwave/bench-report';
import type { Plan } from '../plan.ts';
import type { Stage } from '../stage.ts';
import type { Steering } from '../steering-process.ts';

const ATLEAST = 0.7;
const WRITERS = 8;

type Round = { readonly perSecond: number; readonly perSecondTold: number; readonly cpuMsPerWrite: number };

export async function writeRows(stage: Stage, { rounds, writesPerRound }: Plan): Promise<readonly Row[]> {
  const ours: Round[] = [];
  const theirs: Round[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const sides = [
      { steering: stage.steering, measured: ours },
      { steering: stage.withoutOutbox, measured: theirs },
    ];
    // Neither is always first.
    for (const { steering, measured } of round % 2 === 0 ? sides : sides.toReversed()) {
      const measuredRound = await measure(stage, steering, writesPerRound);
      if (round >= 0) measured.push(measuredRound);
    }
  }
  const ratio = (what: keyof Round): number =>
    percentile(
      ours.map((round, index) => round[what] / (theirs[index]?.[what] ?? Number.NaN)),
      50,
    );
  const median = (of: readonly Round[], what: keyof Round): string =>
    shown(
      percentile(
        of.map((round) => round[what]),
        50,
      ),
    );
  return [
    {
      goal: 3,
      what: 'writes, with outbox and relay against without',
      figure: ratio('perSecond'),
      unit: '×',
      bound: { atLeast: ATLEAST },
      beside:
        `${median(ours, 'perSecond')} against ${median(theirs, 'perSecond')} a second; until all is told ${shown(ratio('perSecondTold'))} ×; ` +
        `CPU of the servers ${median(ours, 'cpuMsPerWrite')} against ${median(theirs, 'cpuMsPerWrite')} ms a write`,
    },
  ];
}

/** Every writer makes a show, then changes it, and so on. */
async function measure(stage: Stage, steering: Steering, writes: number): Promise<Round> {
  const cpuBefore = await stage.cpuMs(steering);
  const startedAt = performance.now();
  const pairs = Math.floor(writes / WRITERS / 2);
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let pair = 0; pair < pairs; pair += 1) {
        const { id } = await steering.send('POST', 'shows/', {
          name: 'Written',
          slug: `written-${crypto.randomUUID()}`,
        });
        await steering.send('PATCH', `shows/${id}/`, { shortDescription: `Changed in pair ${pair}` });
      }
    }),
  );
  const answeredAt = performance.now();
  await steering.untilTold();
  const toldAt = performance.now();
  const count = pairs * WRITERS * 2;
  return {
    perSecond: (count / (answeredAt - startedAt)) * 1_000,
    perSecondTold: (count / (toldAt - startedAt)) * 1_000,
    cpuMsPerWrite: ((await stage.cpuMs(steering)) - cpuBefore) / count,
  };
}
