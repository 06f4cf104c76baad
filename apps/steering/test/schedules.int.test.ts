// Schedules through HTTP: their life, their timeslots, their repetitions, and the rolling year.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import type { Answer } from './support/client.ts';
import { startOnAir, whenOf, type OnAir } from './support/on-air.ts';

let station: OnAir;
let show: number;
beforeAll(async () => {
  station = await startOnAir();
  show = await station.makeShow();
});
afterAll(() => station.close());

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
    const [hash = ''] = Object.keys(Object(first.body['solutions']));
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

test('nothing repeats itself, or a repetition, or becomes a repetition while it is repeated', async () => {
  const date = freshDate();
  const original = await station.schedule(show, date, '13:00-14:00');
  const more = { repetitionOfId: original.body['id'], addDaysNo: 1 };
  const repetition = await station.schedule(show, date, '15:00-16:00', more);
  expect(repetition).toMatchObject({ status: 201 });
  const chain = { status: 400, body: { code: 'repetition-chain', errors: [{ pointer: '/repetitionOfId' }] } };
  const repeated = { repetitionOfId: repetition.body['id'], addDaysNo: 2 };
  expect(await station.schedule(show, date, '17:00-18:00', repeated)).toMatchObject(chain);
  expect(await station.call('PATCH', pathOf(repetition), { repetitionOfId: repetition.body['id'] })).toMatchObject(
    chain,
  );
  const third = await station.schedule(show, date, '19:00-20:00');
  expect(await station.call('PATCH', pathOf(original), { repetitionOfId: third.body['id'] })).toMatchObject(chain);
});

test('B6: the service itself plans on as time goes by, and tells it', async () => {
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
