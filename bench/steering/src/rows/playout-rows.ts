// Row 4: what is on in 24 hours, asked at random places of a program of 10,000 timeslots.
import { percentile, shown, type Row } from '@longwave/bench-report';
import type { Plan } from '../plan.ts';
import type { Stage } from '../stage.ts';
import type { Steering } from '../steering-process.ts';

const P99_AT_MOST_MS = 20;
const TIMESLOTS = 10_000;
const HOUR_MS = 60 * 60 * 1_000;
/** Far from those of row 1, which are for a year from now. */
const BEGIN_MS = Date.UTC(2030, 0, 1);
const WARM_UP = 100;

export async function playoutRows(stage: Stage, { windows }: Plan): Promise<readonly Row[]> {
  const { steering } = stage;
  await fill(steering);
  for (let index = 0; index < WARM_UP; index += 1) await read(steering);
  const cpuBefore = await stage.cpuMs(steering);
  const tookMs: number[] = [];
  for (let index = 0; index < windows; index += 1) {
    const startedAt = performance.now();
    await read(steering);
    tookMs.push(performance.now() - startedAt);
  }
  const cpu = ((await stage.cpuMs(steering)) - cpuBefore) / windows;
  return [
    {
      goal: 4,
      what: `program/playout/ of 24 h, ${TIMESLOTS.toLocaleString('en')} timeslots, p99`,
      figure: percentile(tookMs, 99),
      unit: 'ms',
      bound: { atMost: P99_AT_MOST_MS },
      beside: `p50 ${shown(percentile(tookMs, 50))} ms; CPU of steering and Postgres ${shown(cpu)} ms`,
    },
  ];
}

/** Hour after hour, every fifth followed by half an hour of nothing, which the fallback show fills. */
async function fill(steering: Steering): Promise<void> {
  const show = await steering.send('POST', 'shows/', { name: 'Hourly' });
  const fallback = await steering.send('POST', 'shows/', { name: 'Between' });
  const schedule = await steering.send('POST', 'schedules/', {
    showId: show.id,
    rrule: { freq: 'once' },
    firstDate: '2029-12-31',
    startTime: '10:00:00',
    endTime: '11:00:00',
  });
  await steering.database.query(
    `INSERT INTO timeslot (schedule_id, show_id, starts_at, ends_at, memo, created_at, updated_at)
     SELECT $1, $2, $3::timestamptz + n * interval '1 hour',
            $3::timestamptz + n * interval '1 hour' + CASE n % 5 WHEN 0 THEN interval '30 minutes' ELSE interval '1 hour' END,
            '', now(), now()
     FROM generate_series(0, $4::int - 1) AS n`,
    [schedule.id, show.id, new Date(BEGIN_MS), TIMESLOTS],
  );
  await steering.database.query('ANALYZE timeslot');
  await steering.send('PATCH', 'radio-settings/', { fallbackShowId: fallback.id });
}

function read(steering: Steering): Promise<unknown> {
  const startMs = BEGIN_MS + Math.floor(Math.random() * (TIMESLOTS - 24)) * HOUR_MS;
  const window = { start: new Date(startMs).toISOString(), end: new Date(startMs + 24 * HOUR_MS).toISOString() };
  return steering.send('GET', `program/playout/?${String(new URLSearchParams(window))}`);
}
