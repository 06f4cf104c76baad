// What is told of the program by changes of what it is made of. The rules are tried in src/program/change; here is that
// every resource keeps them: what changes the program tells it in the same transaction, and what does not tells nothing.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ProgramUpcoming24hUpdated, ProgramUpcomingNowUpdated } from '@longwave/contracts';
import { NOON, startOnAir, type OnAir } from './support/on-air.ts';
import type { Answer } from './support/client.ts';

let station: OnAir;
beforeAll(async () => {
  station = await startOnAir();
});
afterAll(() => station.close());

const make = async (collection: string, body: object): Promise<number> =>
  Number((await station.call('POST', `/${collection}/`, body)).body['id']);

async function programOf(answer: Answer): Promise<readonly string[]> {
  expect(answer.status).toBeLessThan(300);
  const told = await station.toldBy(answer);
  expect(new Set(told).size).toBe(told.length);
  return told.filter((subject) => !subject.startsWith('resource.'));
}

/** What `program/playout/` answers at noon. */
async function playout(query = ''): Promise<unknown> {
  return JSON.parse((await station.get(`/program/playout/${query}`)).text);
}

test('a show’s media is told of the timeslots that inherit it, and of no others', async () => {
  const [own, inherited] = [await make('media', { name: 'Own' }), await make('media', { name: 'Inherited' })];
  const show = await station.makeShow();
  const made = await station.schedule(show, '2027-02-01', '10:00-11:00', {
    rrule: { freq: 'weekly' },
    lastDate: '2027-02-08',
  });
  const [first] = await station.timeslotsOf(made.body['id']);
  await station.call('PATCH', `/timeslots/${first?.id}/`, { mediaId: own });
  const changed = await station.call('PATCH', `/shows/${show}/`, { defaultMediaId: inherited });
  expect(await programOf(changed)).toEqual(['date.2027-02-08', 'week.2027-W06', 'month.2027-02']);
  expect(await programOf(await station.call('PATCH', `/shows/${show}/`, { defaultMediaId: inherited }))).toEqual([]);
  expect(await programOf(await station.call('PATCH', `/shows/${show}/`, { name: 'Another name' }))).toEqual([]);
  const scheduled = await station.call('PATCH', `/schedules/${String(made.body['id'])}/`, { defaultMediaId: own });
  expect(await programOf(scheduled)).toEqual(['date.2027-02-08', 'week.2027-W06', 'month.2027-02']);
});

test('an episode’s media is told, its title and the sources of a media are not', async () => {
  const media = await make('media', { name: 'Recorded' });
  const show = await station.makeShow();
  const episode = await make('episodes', { showId: show, title: 'One' });
  const made = await station.schedule(show, '2027-02-03', '23:00-01:00');
  const repetition = await station.schedule(show, '2027-02-03', '05:00-07:00', {
    repetitionOfId: made.body['id'],
    addDaysNo: 2,
  });
  expect(repetition.status).toBe(201);
  const [timeslot] = await station.timeslotsOf(made.body['id']);
  expect(await programOf(await station.call('PATCH', `/timeslots/${timeslot?.id}/`, { episodeId: episode }))).toEqual(
    [],
  );
  expect(await programOf(await station.call('PATCH', `/episodes/${episode}/`, { title: 'Two' }))).toEqual([]);
  const played = await station.call('PATCH', `/episodes/${episode}/`, { mediaId: media });
  // Across midnight, and the repetition.
  expect(await programOf(played)).toEqual([
    'date.2027-02-03',
    'date.2027-02-04',
    'date.2027-02-05',
    'week.2027-W05',
    'month.2027-02',
  ]);
  const sources = [{ type: 'audio', source: 'file://two.flac' }];
  const edited = await station.call('PATCH', `/media/${media}/`, { sources });
  expect(await station.toldBy(edited)).toEqual([`resource.steering.media.${media}.updated`]);
});

test('what is on now and in the next 24 hours is told with what it is, as program/playout/ says it', async () => {
  const show = await station.makeShow();
  const made = await station.schedule(show, '2026-11-21', '11:30-12:30');
  expect(await programOf(made)).toEqual([
    'date.2026-11-21',
    'week.2026-W47',
    'month.2026-11',
    'upcoming.24h',
    'upcoming.now',
  ]);
  const messages = await station.messages('program');
  const last = (subject: string): unknown => messages.findLast((message) => message.subject === subject)?.payload.data;
  expect(last(ProgramUpcoming24hUpdated.subject.text)).toEqual(await playout());
  expect(last(ProgramUpcomingNowUpdated.subject.text)).toEqual(
    await playout(`?end=${encodeURIComponent('2026-11-21T12:00:01+01:00')}`),
  );
  const keys = new Set(messages.map(({ headers }) => headers['ce-partitionkey']));
  expect(keys).toEqual(new Set(['program']));
  const [timeslot] = await station.timeslotsOf(made.body['id']);
  const deleted = await station.call('DELETE', `/timeslots/${timeslot?.id}/`);
  expect(await programOf(deleted)).toContain('upcoming.now');
  const emptied = (await station.messages('program')).findLast(
    ({ subject }) => subject === ProgramUpcomingNowUpdated.subject.text,
  );
  expect(emptied?.payload.data).toEqual([]);
});

test('a fallback show fills the gaps, and is told from today to the last timeslot; removed the same', async () => {
  const media = await make('media', { name: 'Endless' });
  const fallback = await station.makeShow({ name: 'Always on' });
  const set = await station.call('PATCH', '/radio-settings/', { fallbackShowId: fallback });
  const told = await programOf(set);
  expect(told).toEqual(
    expect.arrayContaining(['date.2026-11-21', 'date.2026-12-24', 'week.2026-W53', 'month.2027-01', 'upcoming.now']),
  );
  expect(told).not.toContain('date.2026-11-20');
  expect(await playout()).toMatchObject([
    { showId: fallback, timeslotId: null, start: '2026-11-21T00:00:00+01:00', end: '2026-11-22T00:00:00+01:00' },
    { showId: fallback, timeslotId: null, start: '2026-11-22T00:00:00+01:00', end: '2026-11-23T00:00:00+01:00' },
  ]);
  const played = await station.call('PATCH', `/shows/${fallback}/`, { defaultMediaId: media });
  expect(await programOf(played)).toEqual(told);
  const removed = await station.call('PATCH', '/radio-settings/', { fallbackShowId: null });
  expect(await programOf(removed)).toEqual(told);
  expect(await playout()).toEqual([]);
});

test('the time zone cannot change while there are timeslots', async () => {
  const refused = await station.call('PATCH', '/radio-settings/', { timeZone: 'Pacific/Chatham' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'time-zone-fixed' } });
  expect(await station.get('/radio-settings/')).toMatchObject({ body: { timeZone: 'Europe/Vienna' } });
});

test.each([
  'start=x',
  'start=2026-11-21',
  'start=2026-11-21T12:00:00',
  'start=2026-11-21T12:00:00Z&end=2026-11-21T12:00:00Z',
  'start=2026-11-21T12:00:00Z&end=2026-11-20T12:00:00Z',
  'end=2026-11-01T00:00:00Z',
  'start=2026-01-01T00:00:00Z&end=2036-01-01T00:00:00Z',
  'start=9999-12-31T23:59:59Z',
  'start=0000-01-01T00:00:00Z',
  'limit=-1',
  'includeVirtual=true',
])('program/playout/?%s is refused', async (query) => {
  expect(await station.get(`/program/playout/?${query}`)).toMatchObject({
    status: 400,
    body: { code: 'invalid-query' },
  });
});

test('the three shapes of the program are about the same entries', async () => {
  const show = await station.makeShow();
  await station.schedule(show, '2027-03-27', '23:30-04:30');
  const window = `start=${encodeURIComponent('2027-03-28T00:00:00+01:00')}`;
  const entry = { start: '2027-03-27T23:30:00+01:00', end: '2027-03-28T04:30:00+02:00', showId: show };
  const id = `${entry.start}--${entry.end}`;
  expect(JSON.parse((await station.get(`/program/basic/?${window}`)).text)).toEqual([
    { id, ...entry, timeslotId: expect.any(Number) },
  ]);
  const calendar = (await station.get(`/program/calendar/?${window}&includeVirtual=true`)).body;
  expect(calendar).toMatchObject({ entries: [{ id, ...entry, isVirtual: false }], shows: [{ id: show }] });
  expect(await playout(`?${window}`)).toMatchObject([{ id, ...entry, timeslot: { isVirtual: false } }]);
  expect(Date.parse(NOON)).toBeLessThan(Date.parse(entry.start));
});
