// Schedules through HTTP: the two steps, their timeslots, and that of everything or nothing it is never half.
// Every overlap with every solution is tried in src/program/conflict; here a few of each kind are seen through to the rows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { z } from 'zod';
import { createClient, statusesOf, type Answer } from './support/client.ts';
import { startOnAir, whenOf, type OnAir } from './support/on-air.ts';

let station: OnAir;
let show: number;
beforeAll(async () => {
  station = await startOnAir();
  show = await station.makeShow();
});
afterAll(() => station.close());

const conflictSchema = z.object({
  code: z.literal('schedule-conflict'),
  projected: z.array(
    z.object({
      hash: z.string(),
      start: z.string(),
      end: z.string(),
      collisions: z.array(z.looseObject({ id: z.int(), showName: z.string() })),
      solutionChoices: z.array(z.string()),
      error: z.string().nullable(),
    }),
  ),
  solutions: z.record(z.string(), z.literal('')),
  staleHashes: z.array(z.string()),
});

const pathOf = ({ body }: Answer): string => `/schedules/${String(body['id'])}/`;

const times = async (answer: Answer): Promise<string[]> =>
  (await station.timeslotsOf(answer.body['id'])).map((timeslot) => whenOf(timeslot));

/** Dates that no other test uses, a week apart. */
let weeks = 0;
function freshDate(): string {
  weeks += 1;
  return new Date(Date.UTC(2027, 0, 4 + 7 * weeks)).toISOString().slice(0, 10);
}

/** Whatever the offset is on that day; the first test looks at it. */
const onClock = (date: string, time: string): unknown => expect.stringMatching(`^${date}T${time}:00[+]0[12]:00$`);

test('a schedule without an end has its timeslots for a rolling year, all told with one correlation, each subject once', async () => {
  const made = await station.schedule(show, '2026-12-02', '20:00-21:30', { rrule: { freq: 'weekly' } });
  expect(made).toMatchObject({ status: 201, etag: '"1"', body: { showId: show, lastDate: null } });
  expect(made.headers.location).toMatch(/\/steering\/api\/v1\/schedules\/\d+\/$/);
  const timeslots = await station.timeslotsOf(made.body['id']);
  expect(timeslots).toHaveLength(51);
  expect(timeslots[0]).toMatchObject({ start: '2026-12-02T20:00:00+01:00', end: '2026-12-02T21:30:00+01:00' });
  expect(timeslots.find(({ start }) => start.startsWith('2027-06'))?.start).toBe('2027-06-02T20:00:00+02:00');
  const told = await station.toldBy(made);
  expect(new Set(told).size).toBe(told.length);
  const dates = timeslots.map(({ start }) => `date.${start.slice(0, 10)}`);
  expect(told.filter((subject) => subject.startsWith('date.'))).toEqual(dates);
  expect(told.filter((subject) => subject.startsWith('week.'))).toHaveLength(51);
  expect(told.filter((subject) => subject.startsWith('month.'))).toHaveLength(12);
  expect(told.filter((subject) => subject.endsWith('.created'))).toHaveLength(52);
  expect(told.filter((subject) => subject.startsWith('upcoming'))).toEqual([]);
  expect(await station.call('DELETE', pathOf(made))).toMatchObject({ status: 204 });
});

describe('the first step', () => {
  test('is 409 with what is planned, what is in the way, and what may be done; nothing is stored or told', async () => {
    const date = freshDate();
    const there = await station.schedule(show, date, '20:00-21:00');
    const before = [await station.messages('program'), await station.rowCounts()];
    const refused = await station.schedule(show, date, '20:30-21:30');
    expect(refused.status).toBe(409);
    const conflict = conflictSchema.parse(refused.body);
    const [timeslot] = await station.timeslotsOf(there.body['id']);
    expect(conflict.projected).toEqual([
      {
        hash: expect.any(String),
        start: onClock(date, '20:30'),
        end: onClock(date, '21:30'),
        collisions: [expect.objectContaining({ id: timeslot?.id, showName: 'Morning Wave' })],
        solutionChoices: ['theirs', 'ours', 'theirs-start', 'ours-start'],
        error: 'no-solution',
      },
    ]);
    expect(Object.keys(conflict.solutions)).toEqual(conflict.projected.map(({ hash }) => hash));
    expect([await station.messages('program'), await station.rowCounts()]).toEqual(before);
  });

  test('may be kept under a key without using it up', async () => {
    const date = freshDate();
    await station.schedule(show, date, '20:00-21:00');
    const key = { 'idempotency-key': `steps-${date}` };
    const body = { showId: show, rrule: { freq: 'once' }, firstDate: date, startTime: '20:30:00', endTime: '21:30:00' };
    const first = await station.call('POST', '/schedules/', body, key);
    const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
    const second = await station.call('POST', '/schedules/', { ...body, solutions: { [hash]: 'ours' } }, key);
    expect(second.status).toBe(201);
    const again = await station.call('POST', '/schedules/', { ...body, solutions: { [hash]: 'ours' } }, key);
    expect(again.text).toBe(second.text);
  });
});

/** What is there is on from 20:00 to 22:00. */
const overlaps: readonly (readonly [string, string, string, readonly string[], readonly string[]])[] = [
  ['before', '19:00-21:00', 'theirs', ['20:00-22:00'], []],
  ['before', '19:00-21:00', 'ours', [], ['19:00-21:00']],
  ['before', '19:00-21:00', 'theirs-end', ['20:00-22:00'], ['19:00-20:00']],
  ['before', '19:00-21:00', 'ours-end', ['21:00-22:00'], ['19:00-21:00']],
  ['after', '21:00-23:00', 'theirs-start', ['20:00-22:00'], ['22:00-23:00']],
  ['after', '21:00-23:00', 'ours-start', ['20:00-21:00'], ['21:00-23:00']],
  ['around', '19:00-23:00', 'theirs-both', ['20:00-22:00'], ['19:00-20:00', '22:00-23:00']],
  ['around', '19:00-23:00', 'theirs-start', ['20:00-22:00'], ['22:00-23:00']],
  ['inside', '20:30-21:30', 'ours-both', ['20:00-20:30', '21:30-22:00'], ['20:30-21:30']],
  ['inside', '20:30-21:30', 'ours-end', ['21:30-22:00'], ['20:30-21:30']],
  ['the same', '20:00-22:00', 'ours', [], ['20:00-22:00']],
];

test.each(overlaps)(
  'projected %s what is there (%s), solved by %s',
  async (_kind, projected, solution, there, ours) => {
    const date = freshDate();
    const existing = await station.schedule(show, date, '20:00-22:00');
    const first = await station.schedule(show, date, projected);
    const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
    const second = await station.schedule(show, date, projected, { solutions: { [hash]: solution } });
    expect(second.status).toBe(201);
    const on = (spans: readonly string[]): string[] => spans.map((span) => `${date} ${span}`);
    expect(await times(existing)).toEqual(on(there));
    expect(await times(second)).toEqual(on(ours));
    const told = await station.toldBy(second);
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((subject) => subject.startsWith('date.'))).toEqual(
      solution === 'theirs' ? [] : [`date.${date}`],
    );
  },
);

describe('the second step', () => {
  test('decides each collision of several by itself', async () => {
    const date = freshDate();
    for (const span of ['08:00-09:00', '12:00-13:00']) {
      await station.schedule(show, date, span, { rrule: { freq: 'daily' }, lastDate: date });
    }
    const first = await station.schedule(show, date, '08:30-12:30');
    const { projected, solutions } = conflictSchema.parse(first.body);
    expect(projected[0]?.collisions).toHaveLength(2);
    expect(projected[0]?.solutionChoices).toEqual(['theirs', 'ours']);
    const [hash = ''] = Object.keys(solutions);
    const solved = await station.schedule(show, date, '08:30-12:30', { solutions: { [hash]: 'ours' } });
    expect(await times(solved)).toEqual([`${date} 08:30-12:30`]);
  });

  test('that is stale is 409 again, with what is so now, and nothing is stored', async () => {
    const date = freshDate();
    const existing = await station.schedule(show, date, '20:00-22:00');
    const first = await station.schedule(show, date, '21:00-23:00');
    const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
    const [timeslot] = await station.timeslotsOf(existing.body['id']);
    const moved = { end: `${date}T21:30:00+01:00` };
    expect((await station.call('PATCH', `/timeslots/${timeslot?.id}/`, moved)).status).toBe(200);
    const before = [await station.messages('program'), await station.rowCounts()];
    const second = await station.schedule(show, date, '21:00-23:00', { solutions: { [hash]: 'ours' } });
    expect(second.status).toBe(409);
    const { staleHashes, solutions } = conflictSchema.parse(second.body);
    expect(staleHashes).toEqual([hash]);
    expect(Object.keys(solutions)).not.toContain(hash);
    expect([await station.messages('program'), await station.rowCounts()]).toEqual(before);
  });

  test('with a solution that is not allowed there is 409, and says so', async () => {
    const date = freshDate();
    await station.schedule(show, date, '20:00-22:00');
    const first = await station.schedule(show, date, '21:00-23:00');
    const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
    const second = await station.schedule(show, date, '21:00-23:00', { solutions: { [hash]: 'theirs-both' } });
    expect(conflictSchema.parse(second.body).projected[0]?.error).toBe('solution-not-allowed');
  });
});

test('a dry run says what would happen, and nothing does', async () => {
  const date = freshDate();
  await station.schedule(show, date, '20:00-22:00');
  const first = await station.schedule(show, date, '21:00-23:00', { dryrun: true });
  const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
  const before = [await station.messages('program'), await station.rowCounts()];
  const dry = await station.schedule(show, date, '21:00-23:00', { dryrun: true, solutions: { [hash]: 'ours-start' } });
  expect(dry).toMatchObject({
    status: 200,
    body: {
      create: [{ start: onClock(date, '21:00'), end: onClock(date, '23:00') }],
      update: [{ start: onClock(date, '20:00'), end: onClock(date, '21:00') }],
      delete: [],
    },
  });
  expect([await station.messages('program'), await station.rowCounts()]).toEqual(before);
});

test('of two overlapping schedules at once one is made and the other gets 409, through two replicas', async () => {
  const replica = await station.startReplica();
  const other = createClient(() => replica.address);
  for (let round = 0; round < 5; round += 1) {
    const body = { showId: show, rrule: { freq: 'once' }, firstDate: freshDate() };
    const answers = await Promise.all([
      station.call('POST', '/schedules/', { ...body, startTime: '20:00:00', endTime: '22:00:00' }),
      other.call('POST', '/schedules/', { ...body, startTime: '21:00:00', endTime: '23:00:00' }),
    ]);
    expect(statusesOf(answers)).toEqual([201, 409]);
  }
});

describe('a change', () => {
  test('of the last date alone shortens and lengthens, and leaves the rest as it is', async () => {
    const date = freshDate();
    const made = await station.schedule(show, date, '05:00-06:00', {
      rrule: { freq: 'daily' },
      lastDate: addDays(date, 3),
    });
    const before = await station.timeslotsOf(made.body['id']);
    const shorter = await station.call('PATCH', pathOf(made), { lastDate: addDays(date, 1) });
    expect(shorter).toMatchObject({ status: 200, etag: '"2"' });
    expect(await station.timeslotsOf(made.body['id'])).toEqual(before.slice(0, 2));
    expect((await station.toldBy(shorter)).filter((subject) => subject.startsWith('date.'))).toEqual([
      `date.${addDays(date, 2)}`,
      `date.${addDays(date, 3)}`,
    ]);
    await station.call('PATCH', pathOf(made), { lastDate: addDays(date, 2) });
    expect(await times(made)).toHaveLength(3);
  });

  test('of the times moves the timeslots, which keep their ids and what was put into them', async () => {
    const date = freshDate();
    const made = await station.schedule(show, date, '05:00-06:00');
    const [timeslot] = await station.timeslotsOf(made.body['id']);
    await station.call('PATCH', `/timeslots/${timeslot?.id}/`, { memo: 'kept' });
    const { id: _, createdAt: __, updatedAt: ___, ...content } = made.body;
    const replaced = await station.call('PUT', pathOf(made), {
      ...content,
      startTime: '06:00:00',
      endTime: '07:30:00',
    });
    expect(replaced.status).toBe(200);
    const [moved] = await station.timeslotsOf(made.body['id']);
    expect(moved).toMatchObject({ id: timeslot?.id, memo: 'kept', start: onClock(date, '06:00') });
  });

  test('that collides goes through the two steps, too', async () => {
    const date = freshDate();
    await station.schedule(show, date, '10:00-11:00');
    const made = await station.schedule(show, date, '08:00-09:00');
    const change = { startTime: '10:30:00', endTime: '11:30:00' };
    const first = await station.call('PATCH', pathOf(made), change);
    const [hash = ''] = Object.keys(conflictSchema.parse(first.body).solutions);
    const second = await station.call('PATCH', pathOf(made), { ...change, solutions: { [hash]: 'theirs-start' } });
    expect(second.status).toBe(200);
    expect(await times(made)).toEqual([`${date} 11:00-11:30`]);
  });

  test('that changes nothing, or names another version, does nothing', async () => {
    const made = await station.schedule(show, freshDate(), '05:00-06:00');
    const same = await station.call('PATCH', pathOf(made), { startTime: '05:00:00' });
    expect(same).toMatchObject({ status: 200, text: made.text, etag: made.etag });
    const late = await station.call('PATCH', pathOf(made), { startTime: '04:00:00' }, { 'if-match': '"9"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    expect(await station.toldBy(same)).toEqual([]);
  });

  test('of the show is refused', async () => {
    const made = await station.schedule(show, freshDate(), '05:00-06:00');
    const other = await station.makeShow();
    const refused = await station.call('PATCH', pathOf(made), { showId: other });
    expect(refused).toMatchObject({ status: 400, body: { code: 'schedule-moved', errors: [{ pointer: '/showId' }] } });
  });
});

test('deleting takes the timeslots along, and a show with schedules stays', async () => {
  const own = await station.makeShow();
  const date = freshDate();
  const made = await station.schedule(own, date, '05:00-06:00', {
    rrule: { freq: 'daily' },
    lastDate: addDays(date, 2),
  });
  const ids = (await station.timeslotsOf(made.body['id'])).map(({ id }) => id);
  const refused = await station.call('DELETE', `/shows/${own}/`);
  expect(refused).toMatchObject({ status: 409, body: { dependents: [{ type: 'schedule', id: made.body['id'] }] } });
  const deleted = await station.call('DELETE', pathOf(made));
  expect(deleted.status).toBe(204);
  const told = await station.toldBy(deleted);
  expect(told.filter((subject) => subject.endsWith('.deleted'))).toEqual([
    ...ids.map((id) => `resource.steering.timeslot.${id}.deleted`),
    `resource.steering.schedule.${String(made.body['id'])}.deleted`,
  ]);
  expect(told.filter((subject) => subject.startsWith('date.'))).toHaveLength(3);
  expect((await station.call('DELETE', `/shows/${own}/`)).status).toBe(204);
});

test('a repetition schedule follows its original: made with it, longer with it, shorter with it', async () => {
  const date = freshDate();
  const original = await station.schedule(show, date, '09:00-10:00', {
    rrule: { freq: 'weekly' },
    lastDate: addDays(date, 7),
  });
  const repetition = await station.schedule(show, date, '03:00-04:00', {
    rrule: { freq: 'weekly' },
    lastDate: addDays(date, 14),
    repetitionOfId: original.body['id'],
    addDaysNo: 1,
  });
  expect(repetition.status).toBe(201);
  const originals = await station.timeslotsOf(original.body['id']);
  const repeated = await station.timeslotsOf(repetition.body['id']);
  expect(repeated.map(({ repetitionOfId }) => repetitionOfId)).toEqual(originals.map(({ id }) => id));
  await station.call('PATCH', pathOf(original), { lastDate: addDays(date, 14) });
  expect(await station.timeslotsOf(repetition.body['id'])).toHaveLength(3);
  const refused = await station.call('DELETE', pathOf(original));
  expect(refused).toMatchObject({ status: 409, body: { code: 'in-use', dependents: [{ type: 'schedule' }] } });
  await station.call('DELETE', `/timeslots/${originals[0]?.id}/`);
  expect(await station.timeslotsOf(repetition.body['id'])).toHaveLength(2);
});

test('the service itself plans on as time goes by, and tells it', async () => {
  const made = await station.schedule(show, '2026-12-05', '06:00-07:00', { rrule: { freq: 'weekly' } });
  const before = await times(made);
  station.setTime('2026-12-21T12:00:00+01:00');
  const replica = await station.startReplica();
  const grown = async (): Promise<boolean> => (await times(made)).length > before.length;
  await until('it is planned on', grown);
  expect((await times(made)).slice(0, before.length)).toEqual(before);
  expect(await times(made)).toHaveLength(before.length + 4);
  await replica.stop();
});

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
