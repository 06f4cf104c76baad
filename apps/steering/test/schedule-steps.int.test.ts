// The two steps in which a schedule gets its timeslots where others are: everything or nothing, never half.
// Every overlap with every solution is tried in src/program/conflict; here a few of each kind are seen through to the rows.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scheduleConflict } from '@longwave/contracts';
import { createClient, statusesOf, type Answer } from './support/client.ts';
import { startOnAir, whenOf, type OnAir } from './support/on-air.ts';

let station: OnAir;
let show: number;
beforeAll(async () => {
  station = await startOnAir();
  show = await station.makeShow();
});
afterAll(() => station.close());

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

describe('the first step', () => {
  test('is 409 with what is planned, what is in the way, and what may be done; nothing is stored or told', async () => {
    const date = freshDate();
    const there = await station.schedule(show, date, '20:00-21:00');
    const before = [await station.messages('program'), await station.rowCounts()];
    const refused = await station.schedule(show, date, '20:30-21:30');
    expect(refused.status).toBe(409);
    const conflict = scheduleConflict.parse(refused.body);
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
    const [hash = ''] = Object.keys(scheduleConflict.parse(first.body).solutions);
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
    const [hash = ''] = Object.keys(scheduleConflict.parse(first.body).solutions);
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
    const { projected, solutions } = scheduleConflict.parse(first.body);
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
    const [hash = ''] = Object.keys(scheduleConflict.parse(first.body).solutions);
    const [timeslot] = await station.timeslotsOf(existing.body['id']);
    const moved = { end: `${date}T21:30:00+01:00` };
    expect((await station.call('PATCH', `/timeslots/${timeslot?.id}/`, moved)).status).toBe(200);
    const before = [await station.messages('program'), await station.rowCounts()];
    const second = await station.schedule(show, date, '21:00-23:00', { solutions: { [hash]: 'ours' } });
    expect(second.status).toBe(409);
    const { staleHashes, solutions } = scheduleConflict.parse(second.body);
    expect(staleHashes).toEqual([hash]);
    expect(Object.keys(solutions)).not.toContain(hash);
    expect([await station.messages('program'), await station.rowCounts()]).toEqual(before);
  });

  test('with a solution that is not allowed there is 409, and says so', async () => {
    const date = freshDate();
    await station.schedule(show, date, '20:00-22:00');
    const first = await station.schedule(show, date, '21:00-23:00');
    const [hash = ''] = Object.keys(scheduleConflict.parse(first.body).solutions);
    const second = await station.schedule(show, date, '21:00-23:00', { solutions: { [hash]: 'theirs-both' } });
    expect(scheduleConflict.parse(second.body).projected[0]?.error).toBe('solution-not-allowed');
  });
});

test('B6: a dry run says what would happen, and nothing does', async () => {
  const date = freshDate();
  await station.schedule(show, date, '20:00-22:00');
  const first = await station.schedule(show, date, '21:00-23:00', { dryrun: true });
  const [hash = ''] = Object.keys(scheduleConflict.parse(first.body).solutions);
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

test('B1: of two overlapping schedules at once one is made and the other gets 409, through two replicas', async () => {
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
