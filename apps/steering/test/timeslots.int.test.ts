// Timeslots through HTTP: moved, filled, deleted; and what of it is a matter of the program.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from './support/client.ts';
import { startOnAir, whenOf, type OnAir, type Timeslot } from './support/on-air.ts';

let station: OnAir;
let show: number;
let media: number;
beforeAll(async () => {
  station = await startOnAir();
  show = await station.makeShow();
  media = Number((await station.call('POST', '/media/', { name: 'Studio 1' })).body['id']);
});
afterAll(() => station.close());

let days = 0;
/** The only timeslot of a new schedule, on a day of its own from January on. */
async function makeTimeslot(times = '20:00-21:00', more: object = {}): Promise<Timeslot> {
  days += 1;
  const date = new Date(Date.UTC(2027, 0, 3 + 3 * days)).toISOString().slice(0, 10);
  const made = await station.schedule(show, date, times, more);
  const [timeslot] = await station.timeslotsOf(made.body['id']);
  if (timeslot === undefined) throw new Error(`no timeslot was made: ${made.text}`);
  return timeslot;
}

const patch = (id: number, body: object): Promise<Answer> => station.call('PATCH', `/timeslots/${id}/`, body);
const programOf = async (answer: Answer): Promise<string[]> =>
  (await station.toldBy(answer)).filter((subject) => !subject.startsWith('resource.'));

test('a memo is told as a change of the timeslot, and not of the program', async () => {
  const { id } = await makeTimeslot();
  const changed = await patch(id, { memo: 'Studio 2 is being painted' });
  expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { memo: 'Studio 2 is being painted' } });
  expect(await station.toldBy(changed)).toEqual([`resource.steering.timeslot.${id}.updated`]);
});

test('media and episode are: its date, week and month are told, each once', async () => {
  const { id, start } = await makeTimeslot();
  const filled = await patch(id, { mediaId: media });
  const frames = [
    expect.stringMatching(`^date.${start.slice(0, 10)}$`),
    expect.stringMatching(/^week/),
    expect.stringMatching(/^month/),
  ];
  expect(await programOf(filled)).toEqual(frames);
  const episode = await station.call('POST', '/episodes/', { showId: show, title: 'Ships' });
  const withEpisode = await patch(id, { episodeId: episode.body['id'] });
  expect(withEpisode).toMatchObject({ status: 200, body: { episodeId: episode.body['id'] } });
  // The media is still its own: nothing else is played.
  expect(await programOf(withEpisode)).toEqual([]);
  const refused = await station.call('DELETE', `/episodes/${String(episode.body['id'])}/`);
  expect(refused).toMatchObject({ status: 409, body: { dependents: [{ type: 'timeslot', id }] } });
});

test('moved to another month it tells both, and its revision grows by one', async () => {
  const { id } = await makeTimeslot();
  const from = await station.get(`/timeslots/${id}/`);
  const moved = await patch(id, { start: '2027-10-31T01:30:00Z', end: '2027-10-31T04:00:00+01:00', memo: 'moved' });
  expect(moved).toMatchObject({
    status: 200,
    etag: '"2"',
    // The night in which two o'clock comes twice.
    body: { start: '2027-10-31T02:30:00+01:00', end: '2027-10-31T04:00:00+01:00' },
  });
  const told = await station.toldBy(moved);
  const day = String(from.body['start']).slice(0, 10);
  expect(told).toEqual(
    expect.arrayContaining([`date.${day}`, 'date.2027-10-31', `month.${day.slice(0, 7)}`, 'month.2027-10']),
  );
  expect(told.filter((subject) => subject.startsWith('resource.'))).toEqual([
    `resource.steering.timeslot.${id}.updated`,
  ]);
});

test('moved onto another it is refused, with what is there; touching it is fine', async () => {
  const { id, start } = await makeTimeslot('20:00-21:00');
  const there = await makeTimeslot('20:00-21:00');
  const refused = await patch(id, { start: there.start, end: there.end });
  expect(refused).toMatchObject({ status: 409, body: { code: 'timeslot-overlap', collisions: [{ id: there.id }] } });
  expect(await station.get(`/timeslots/${id}/`)).toMatchObject({ body: { start } });
  const end = new Date(Date.parse(there.end) + 3_600_000).toISOString();
  expect((await patch(id, { start: there.end, end })).status).toBe(200);
});

test('of two moved to the same hour at once one gets there', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [one, two] = [await makeTimeslot('05:00-06:00'), await makeTimeslot('05:00-06:00')];
    const hour = { start: `2028-01-0${round + 1}T10:00:00Z`, end: `2028-01-0${round + 1}T11:00:00Z` };
    const answers = await Promise.all([patch(one.id, hour), patch(two.id, hour)]);
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 409]);
  }
});

describe('times that cannot be', () => {
  test.each([
    ['an end before the start', { start: '2027-12-01T11:00:00Z', end: '2027-12-01T10:00:00Z' }, 'impossible-times'],
    ['no length', { start: '2027-12-01T11:00:00Z', end: '2027-12-01T11:00:00Z' }, 'impossible-times'],
    ['more than a week', { start: '2027-12-01T11:00:00Z', end: '2027-12-09T11:00:00Z' }, 'impossible-times'],
    ['a century ahead', { start: '2127-12-01T11:00:00Z', end: '2127-12-01T12:00:00Z' }, 'impossible-times'],
    ['no offset', { start: '2027-12-01T11:00:00' }, 'invalid-body'],
    ['no time', { start: '2027-12-01' }, 'invalid-body'],
    ['a day that is not', { start: '2027-02-29T11:00:00Z' }, 'invalid-body'],
    ['a number', { start: 1_800_000_000 }, 'invalid-body'],
    ['null', { end: null }, 'invalid-body'],
    ['another schedule', { scheduleId: 1 }, 'invalid-body'],
    ['a NUL in the memo', { memo: '\u0000' }, 'invalid-body'],
    ['half a surrogate pair', { memo: '\ud800' }, 'invalid-body'],
    ['an episode that is not', { episodeId: 2_147_483_647 }, 'unknown-reference'],
  ])('%s: 400, and nothing is stored or told', async (_what, body, code) => {
    const { id } = await makeTimeslot();
    const before = [await station.messages('resource'), await station.rowCounts()];
    expect(await patch(id, body)).toMatchObject({ status: 400, body: { code } });
    expect([await station.messages('resource'), await station.rowCounts()]).toEqual(before);
  });
});

test('there is no POST: timeslots come with schedules', async () => {
  expect(await station.call('POST', '/timeslots/', {})).toMatchObject({ status: 405 });
});

test('PUT says all of it; nothing new changes nothing', async () => {
  const { id, start, end } = await makeTimeslot();
  const put = await station.call('PUT', `/timeslots/${id}/`, { start, end });
  expect(put).toMatchObject({ status: 200, etag: '"1"' });
  await patch(id, { memo: 'x', mediaId: media });
  const again = await station.call('PUT', `/timeslots/${id}/`, { start, end, memo: 'y' });
  expect(again).toMatchObject({ status: 200, etag: '"3"', body: { memo: 'y', mediaId: null } });
});

test('deleted it takes its repetitions along; the program of both days is told', async () => {
  const original = await makeTimeslot('09:00-10:00');
  const { body } = await station.get(`/timeslots/${original.id}/`);
  const repetition = await station.schedule(show, original.start.slice(0, 10), '03:00-04:00', {
    repetitionOfId: body['scheduleId'],
    addDaysNo: 1,
  });
  const [repeated] = await station.timeslotsOf(repetition.body['id']);
  expect(repeated?.repetitionOfId).toBe(original.id);
  const deleted = await station.call('DELETE', `/timeslots/${original.id}/`);
  expect(deleted.status).toBe(204);
  const told = await station.toldBy(deleted);
  expect(told).toEqual(
    expect.arrayContaining([
      `date.${original.start.slice(0, 10)}`,
      `date.${String(repeated?.start).slice(0, 10)}`,
      `resource.steering.timeslot.${original.id}.deleted`,
      `resource.steering.timeslot.${repeated?.id}.deleted`,
    ]),
  );
  expect(await station.get(`/timeslots/${repeated?.id}/`)).toMatchObject({ status: 404 });
});

test('a list is narrowed to a span of time: what overlaps it', async () => {
  const { start, end, id } = await makeTimeslot('11:00-12:00');
  const query = (from: string, to: string): string =>
    `/timeslots/?start=${encodeURIComponent(from)}&end=${encodeURIComponent(to)}`;
  const during = await station.get(query(start, end));
  expect(during.body['items']).toMatchObject([{ id }]);
  const after = await station.get(query(end, new Date(Date.parse(end) + 1_000).toISOString()));
  expect(after.body['items']).toEqual([]);
  expect(whenOf({ start, end }).endsWith('11:00-12:00')).toBe(true);
});
