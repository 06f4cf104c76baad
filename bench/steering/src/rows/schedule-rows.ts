// Row 1: a weekly schedule without an end, which is a year of timeslots and everything that is told of them, in one
// transaction. The station fills up meanwhile, each schedule in a half-hour of its own.
import { percentile, shown, type Row } from '@longwave/bench-report';
import type { Plan } from '../plan.ts';
import type { Stage } from '../stage.ts';

const ATMOST_MS = 50;
const WARM_UP = 10;
const HALF_HOURS_OF_DAY = 48;
const FIRST_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1_000;

export async function scheduleRows(stage: Stage, { schedules }: Plan): Promise<readonly Row[]> {
  const { steering } = stage;
  const show = await steering.send('POST', 'shows/', { name: 'Weekly' });
  const create = (index: number): Promise<unknown> => steering.send('POST', 'schedules/', weekly(show.id, index));
  for (let index = 0; index < WARM_UP; index += 1) await create(index);
  await steering.untilTold();
  const cpuBefore = await stage.cpuMs(steering);
  const tookMs: number[] = [];
  for (let index = 0; index < schedules; index += 1) {
    const startedAt = performance.now();
    await create(WARM_UP + index);
    tookMs.push(performance.now() - startedAt);
    // What is told of one is not to slow down the next.
    await steering.untilTold();
  }
  const cpu = ((await stage.cpuMs(steering)) - cpuBefore) / schedules;
  const told = await countTold(stage, schedules + WARM_UP);
  return [
    {
      goal: 1,
      what: 'a weekly schedule, with its year of timeslots, p50',
      figure: percentile(tookMs, 50),
      unit: 'ms',
      bound: { atMost: ATMOST_MS },
      beside: `p99 ${shown(percentile(tookMs, 99))} ms; CPU of steering, Postgres and nats-server until all is told ${shown(cpu)} ms; ${told}`,
    },
  ];
}

/** Throws when not everything was told. */
async function countTold({ steering, broker }: Stage, schedules: number): Promise<string> {
  const { rows } = await steering.database.query<{ count: number }>('SELECT count(*)::int FROM timeslot');
  const timeslots = rows[0]?.count ?? 0;
  const { state } = await broker.manager.streams.info('resource', { subjects_filter: 'resource.steering.timeslot.>' });
  const told = Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  if (told !== timeslots) throw new Error(`${told} of ${timeslots} timeslots were told`);
  return `${shown(timeslots / schedules)} timeslots each, all of them told`;
}

function weekly(showId: number, index: number): object {
  const date = new Date(FIRST_MONDAY + Math.floor(index / HALF_HOURS_OF_DAY) * DAY_MS);
  const slot = index % HALF_HOURS_OF_DAY;
  return {
    showId,
    rrule: { freq: 'weekly' },
    firstDate: date.toISOString().slice(0, 10),
    startTime: clock(slot),
    endTime: clock((slot + 1) % HALF_HOURS_OF_DAY),
  };
}

function clock(halfHours: number): string {
  return `${String(Math.floor(halfHours / 2)).padStart(2, '0')}:${halfHours % 2 === 0 ? '00' : '30'}:00`;
}
