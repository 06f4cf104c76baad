// What time alone tells of the program: by which replica does not matter, and each boundary once.
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forkService, until } from '@longwave/embedded/testing';
import { startOnAir, type OnAir } from './support/on-air.ts';
import { shortSubject } from './support/told.ts';
import { startStation, type SeenMessage, type Station } from './support/station.ts';

async function upcoming(station: Station): Promise<readonly SeenMessage[]> {
  return (await station.messages('program')).filter(({ subject }) => subject.includes('.upcoming.'));
}

const short = (messages: readonly SeenMessage[]): readonly string[] =>
  messages.map(({ subject }) => shortSubject(subject));

/** Waits until nothing is due any more at the station's time: whatever was to be told has been. */
async function settled(station: OnAir, time: string): Promise<void> {
  const due = async (): Promise<boolean> => {
    const { rows } = await station.pool.query('SELECT 1 FROM program_boundary WHERE told_at IS NULL AND at > $1', [
      time,
    ]);
    return rows.length > 0;
  };
  await until('what is due was told', due);
}

describe('with three replicas and a clock of the test', () => {
  let station: OnAir;
  let show: number;
  let seen = 0;

  /** What is told when it gets that late. */
  async function toldAt(time: string): Promise<readonly SeenMessage[]> {
    station.setTime(time);
    await settled(station, time);
    const all = await upcoming(station);
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  }

  beforeAll(async () => {
    station = await startOnAir();
    show = await station.makeShow();
    await station.startReplica();
    await station.startReplica();
    await station.schedule(show, '2026-11-22', '20:00-21:00');
    await station.schedule(show, '2026-11-22', '21:00-22:00');
    seen = (await upcoming(station)).length;
  });
  afterAll(() => station.close());

  test('B2: an entry comes into the next 24 hours, begins, gives way to the next and ends: each told once, with what is so then', async () => {
    expect(short(await toldAt('2026-11-21T20:00:00.000+01:00'))).toEqual([]);
    expect(short(await toldAt('2026-11-21T20:00:00.001+01:00'))).toEqual(['upcoming.24h']);
    expect(short(await toldAt('2026-11-21T21:00:01.000+01:00'))).toEqual(['upcoming.24h']);
    const begins = await toldAt('2026-11-22T20:00:00.000+01:00');
    expect(short(begins)).toEqual(['upcoming.now']);
    expect(begins[0]?.payload.data).toMatchObject([{ start: '2026-11-22T20:00:00+01:00', showId: show }]);
    const changes = await toldAt('2026-11-22T21:00:00.000+01:00');
    expect(short(changes)).toEqual(['upcoming.24h', 'upcoming.now']);
    expect(changes[1]?.payload.data).toMatchObject([{ start: '2026-11-22T21:00:00+01:00' }]);
    const ends = await toldAt('2026-11-22T22:00:00.000+01:00');
    expect(short(ends)).toEqual(['upcoming.24h', 'upcoming.now']);
    expect(ends.map(({ payload }) => payload.data)).toEqual([[], []]);
  });

  test('B5: after an outage of days only what is so now is told, once', async () => {
    for (const day of ['2026-11-24', '2026-11-25', '2026-11-27']) await station.schedule(show, day, '20:00-21:00');
    seen = (await upcoming(station)).length;
    const told = await toldAt('2026-11-27T20:30:00.000+01:00');
    expect(short(told)).toEqual(['upcoming.24h', 'upcoming.now']);
    expect(told[1]?.payload.data).toMatchObject([{ start: '2026-11-27T20:00:00+01:00' }]);
  });

  test('B3, B4: a boundary that an edit has brought nearer is told in time', async () => {
    station.setTime('2026-12-01T10:00:00.000+01:00');
    const made = await station.schedule(show, '2026-12-01', '18:00-19:00');
    const [timeslot] = await station.timeslotsOf(made.body['id']);
    const nearer = { start: '2026-12-01T11:00:00+01:00', end: '2026-12-01T12:00:00+01:00' };
    await station.call('PATCH', `/timeslots/${timeslot?.id}/`, nearer);
    seen = (await upcoming(station)).length;
    expect(short(await toldAt('2026-12-01T11:00:00.000+01:00'))).toEqual(['upcoming.now']);
    expect(short(await toldAt('2026-12-01T12:00:00.000+01:00'))).toEqual(['upcoming.24h', 'upcoming.now']);
  });

  test('B1: schedules and ticks at the same time: nothing is told twice and nobody fails', async () => {
    const before = (await upcoming(station)).length;
    const edits = Array.from({ length: 6 }, (_, index) =>
      station.schedule(show, '2026-12-02', `0${index}:00-0${index}:30`, {
        rrule: { freq: 'daily' },
        lastDate: '2026-12-20',
      }),
    );
    for (const minute of ['05', '10', '15']) {
      station.setTime(`2026-12-02T12:${minute}:00.000+01:00`);
    }
    expect((await Promise.all(edits)).map(({ status }) => status)).toEqual(edits.map(() => 201));
    await settled(station, '2026-12-02T12:15:00.000+01:00');
    const told = (await upcoming(station)).slice(before);
    const moments = told.map(({ subject, headers }) => `${subject} ${headers['ce-correlationid']}`);
    expect(new Set(moments).size).toBe(moments.length);
  });
});

test('B2, B4: upcoming.now arrives within a second of an entry’s begin, once, with three processes of which one is killed then', async () => {
  const station = await startStation();
  await station.service.stop();
  const fork = () =>
    forkService(new URL('../src/main.ts', import.meta.url), {
      ...station.broker.settings,
      DATABASE_URL: station.databaseUrl,
      PORT: '0',
      LOG_LEVEL: 'fatal',
    });
  const replicas = await Promise.all([fork(), fork(), fork()]);
  try {
    const [first, ...others] = replicas;
    const call = async (path: string, body: object): Promise<{ readonly id: number }> => {
      const answer = await fetch(`${first.address}/steering/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(201);
      return (await answer.json()) as { readonly id: number };
    };
    const show = await call('/shows/', { name: 'On the second' });
    const beginsMs = Math.ceil(Date.now() / 1_000) * 1_000 + 4_000;
    const begins = new Date(beginsMs).toISOString();
    await call('/schedules/', {
      showId: show.id,
      rrule: { freq: 'once' },
      firstDate: begins.slice(0, 10),
      startTime: begins.slice(11, 19),
      endTime: new Date(beginsMs + 3_600_000).toISOString().slice(11, 19),
    });
    const arrivals: number[] = [];
    const subscription = station.broker.plain.subscribe('program.planned.upcoming.now.updated', {
      callback: () => void arrivals.push(Date.now()),
    });
    await until('it begins', () => Date.now() >= beginsMs);
    first.process.kill('SIGKILL');
    await until('it is told', () => arrivals.length > 0);
    expect(arrivals[0]).toBeGreaterThanOrEqual(beginsMs);
    expect((arrivals[0] ?? Infinity) - beginsMs).toBeLessThan(1_000);
    const told = (await station.messages('program')).filter(({ subject }) => subject.endsWith('.now.updated'));
    expect(told.map(({ payload }) => payload.data)).toEqual([[expect.objectContaining({ showId: show.id })]]);
    subscription.unsubscribe();
    for (const { process } of others) {
      process.kill('SIGTERM');
      await once(process, 'exit');
    }
  } finally {
    for (const { process } of replicas) process.kill('SIGKILL');
    await station.close();
  }
});
