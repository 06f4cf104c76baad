// R9 for what makes the program: bad input gets a clear 4xx, nothing of it is stored and nothing is told.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startOnAir, type OnAir } from './support/on-air.ts';
import { tables } from './support/station.ts';

let station: OnAir;
let show: number;
let path: string;
let before: unknown;
beforeAll(async () => {
  station = await startOnAir();
  show = await station.makeShow();
  const made = await station.schedule(show, '2027-01-04', '20:00-21:00', {
    rrule: { freq: 'weekly' },
    lastDate: '2027-02-01',
  });
  path = `/schedules/${String(made.body['id'])}/`;
  before = await everything();
});
afterAll(() => station.close());

/** All rows of all tables, and how much was told. */
async function everything(): Promise<unknown> {
  const told = [await station.messages('resource'), await station.messages('program')].map(({ length }) => length);
  const rows = await Promise.all(
    // What was told, and when, is for the clock to change.
    tables
      .filter((table) => table !== 'program_boundary')
      .map(async (table) => (await station.pool.query(`SELECT * FROM ${table} ORDER BY 1`)).rows),
  );
  return { told, rows };
}

const right = () => ({
  showId: show,
  rrule: { freq: 'weekly', interval: 1 },
  firstDate: '2027-03-01',
  startTime: '10:00:00',
  endTime: '11:00:00',
  lastDate: null,
});

const many = Object.fromEntries(
  Array.from({ length: 10_000 }, (_, index) => [index.toString(16).padStart(16, '0'), 'ours']),
);

const wrong: readonly (readonly [string, object, string])[] = [
  ['no length', { endTime: '10:00:00' }, 'impossible-times'],
  ['a last date before the first', { lastDate: '2027-02-28' }, 'impossible-times'],
  ['a rule that lasts a hundred years', { rrule: { freq: 'daily' }, lastDate: '2127-01-01' }, 'impossible-times'],
  ['a first date in a hundred years', { firstDate: '2127-01-01' }, 'impossible-times'],
  ['a first date of long ago', { firstDate: '1726-01-01' }, 'impossible-times'],
  ['a monthly rule without its place', { rrule: { freq: 'monthly' } }, 'impossible-times'],
  ['a place in the month of a weekly rule', { rrule: { freq: 'weekly', bySetPos: 1 } }, 'impossible-times'],
  ['weekdays of a weekly rule', { rrule: { freq: 'weekly', byWeekdays: 'weekends' } }, 'impossible-times'],
  ['a last date of what is broadcast once', { rrule: { freq: 'once' }, lastDate: '2027-04-01' }, 'impossible-times'],
  ['a day that is not', { firstDate: '2027-02-29' }, 'invalid-body'],
  ['a date with a time', { firstDate: '2027-03-01T00:00:00Z' }, 'invalid-body'],
  ['a date of five digits', { firstDate: '10000-01-01' }, 'invalid-body'],
  ['24 o’clock', { endTime: '24:00:00' }, 'invalid-body'],
  ['a time without seconds', { startTime: '10:00' }, 'invalid-body'],
  ['a time with an offset', { startTime: '10:00:00Z' }, 'invalid-body'],
  ['a number for a time', { startTime: 36_000 }, 'invalid-body'],
  ['a rule of nothing', { rrule: {} }, 'invalid-body'],
  ['a yearly rule', { rrule: { freq: 'yearly' } }, 'invalid-body'],
  ['an interval of 0', { rrule: { freq: 'daily', interval: 0 } }, 'invalid-body'],
  ['a negative interval', { rrule: { freq: 'daily', interval: -1 } }, 'invalid-body'],
  ['half an interval', { rrule: { freq: 'daily', interval: 0.5 } }, 'invalid-body'],
  ['an interval beyond 2^53', { rrule: { freq: 'daily', interval: 2 ** 53 + 2 } }, 'invalid-body'],
  ['a sixth Monday', { rrule: { freq: 'monthly', bySetPos: 6 } }, 'invalid-body'],
  ['a field that is unknown in the rule', { rrule: { freq: 'daily', count: 5 } }, 'invalid-body'],
  ['an unknown field', { isRepetition: true }, 'invalid-body'],
  ['timeslots of its own', { timeslots: Array.from({ length: 10_000 }, () => ({})) }, 'invalid-body'],
  ['an unknown solution', { solutions: { a: 'mine' } }, 'invalid-body'],
  ['a NUL in a hash', { solutions: { '\u0000': 'ours' } }, 'invalid-body'],
  ['half a surrogate pair in a hash', { solutions: { '\ud800': 'ours' } }, 'invalid-body'],
  ['a negative shift', { addDaysNo: -1 }, 'invalid-body'],
  ['a media that is not', { defaultMediaId: 2_147_483_647 }, 'unknown-reference'],
  ['an original that is not', { repetitionOfId: 2_147_483_647, addDaysNo: 1 }, 'unknown-reference'],
  ['an id beyond 2^53', { defaultMediaId: 2 ** 53 + 2 }, 'invalid-body'],
  ['an id beyond the column', { showId: 2 ** 31 }, 'invalid-body'],
  ['ten thousand solutions of nothing', { solutions: many }, 'schedule-conflict'],
];

describe.each([
  ['POST', () => '/schedules/'],
  ['PUT', () => path],
  ['PATCH', () => path],
])('a %s of a schedule', (method, at) => {
  test.each(wrong)('with %s is refused', async (_what, change, code) => {
    const answer = await station.call(method, at(), { ...right(), ...change });
    expect(answer).toMatchObject({ status: code === 'schedule-conflict' ? 409 : 400, body: { code } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  test('with JSON as deep as the sea, cut off, or in another charset is refused', async () => {
    const deep = `{"rrule":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(await station.call(method, at(), deep)).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    expect(await station.call(method, at(), '{"rrule":')).toMatchObject({
      status: 400,
      body: { code: 'invalid-json' },
    });
    const twice = '{"showId":1,"showId":2}';
    expect(await station.call(method, at(), twice)).toMatchObject({ status: 400, body: { code: 'invalid-body' } });
    const megabyte = JSON.stringify({ ...right(), x: 'x'.repeat(1_000_000) });
    expect(await station.call(method, at(), megabyte)).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });
});

test('a schedule of a show that is not there is refused, and so is one that changes its show', async () => {
  const change = { ...right(), showId: 2_147_483_647 };
  const made = await station.call('POST', '/schedules/', change);
  expect(made).toMatchObject({ status: 400, body: { code: 'unknown-reference', errors: [{ pointer: '/showId' }] } });
  expect(await station.call('PUT', path, change)).toMatchObject({ status: 400, body: { code: 'schedule-moved' } });
});

test('every problem of the times is said at once', async () => {
  const rrule = { freq: 'monthly', byWeekdays: 'weekends' };
  const answer = await station.call('POST', '/schedules/', {
    ...right(),
    rrule,
    endTime: '10:00:00',
    lastDate: '2020-01-01',
  });
  const pointers = [answer.body['errors']].flat().map((item) => String(Reflect.get(Object(item), 'pointer')));
  expect(new Set(pointers)).toEqual(new Set(['/endTime', '/lastDate', '/rrule/bySetPos', '/rrule/byWeekdays']));
});

test.each([
  'limit=-1',
  'limit=2147483648',
  'start=yesterday',
  'end=0000-01-01T00:00:00Z',
  'order=memo',
  'showId=0',
  'scheduleId=1e3',
])('timeslots/?%s is refused', async (query) => {
  expect(await station.get(`/timeslots/?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
});

test('after all of it everything is as it was before', async () => {
  expect(await everything()).toEqual(before);
});
