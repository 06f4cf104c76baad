// R9: whatever arrives, the answer is no 5xx. A failure prints its seed.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startStation, type Station } from './support/station.ts';

let station: Station;
beforeAll(async () => {
  station = await startStation();
  // What schedules of chance can belong to.
  for (const name of ['One', 'Two']) await station.call('POST', '/shows/', { name });
});
afterAll(async () => station.close());

const RUNS = 500;

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const anySegment = fc.oneof(anyText.map(encodeURIComponent), fc.integer().map(String), fc.constantFrom('1.0.0', 'a'));
const anyHeader = fc.stringMatching(/^[\x21-\x7e]{0,20}$/);

const collections = [
  'shows',
  'schedules',
  'timeslots',
  'episodes',
  'media',
  'profiles',
  'categories',
  'radio-settings',
];
const anyCollection = fc.constantFrom(...collections);
const parameters = ['ids', 'q', 'slug', 'cursor', 'limit', 'order', 'isActive', 'isPublic'] as const;
const anyPath = fc.oneof(
  anyCollection.map((collection) => `/${collection}/`),
  fc.tuple(anyCollection, anySegment).map(([collection, id]) => `/${collection}/${id}/`),
  fc
    .tuple(fc.constantFrom('playout', 'basic', 'calendar'), fc.constantFrom('start', 'end'), anySegment)
    .map(([kind, name, value]) => `/program/${kind}/?${name}=${value}`),
  fc
    .tuple(fc.constantFrom('start', 'end', 'scheduleId', 'order'), anySegment)
    .map(([name, value]) => `/timeslots/?${name}=${value}`),
  fc.tuple(anySegment, anySegment).map(([name, version]) => `/packages/${name}/${version}`),
  fc.tuple(fc.constantFrom(...parameters), anySegment).map(([name, value]) => `/shows/?${name}=${value}`),
  fc
    .tuple(fc.constantFrom('name', 'cursor', 'limit'), anySegment)
    .map(([name, value]) => `/packages/?${name}=${value}`),
);

const anyShow = fc.record(
  {
    name: fc.oneof(anyText, fc.jsonValue()),
    slug: fc.oneof(anyText, fc.jsonValue()),
    links: fc.oneof(fc.array(fc.record({ type: anyText, url: fc.webUrl() })), fc.jsonValue()),
    languages: fc.oneof(fc.array(anyText), fc.jsonValue()),
    predecessorId: fc.oneof(fc.integer(), fc.jsonValue()),
    description: fc.oneof(anyText, fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const anyPackage = fc.record(
  {
    vendor: fc.oneof(anyText, fc.jsonValue()),
    dependencies: fc.oneof(fc.array(fc.record({ name: anyText, range: anyText })), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const anyDate = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  anyText,
);
const anyTime = fc.oneof(
  fc.tuple(fc.nat(30), fc.nat(70)).map(([hour, minute]) => `${hour}:${minute}:00`.replaceAll(/\b(\d)\b/g, '0$1')),
  anyText,
);
const anySchedule = fc.record(
  {
    showId: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.jsonValue()),
    rrule: fc.oneof(
      fc.record(
        {
          freq: fc.constantFrom('once', 'daily', 'weekly', 'monthly', 'yearly'),
          interval: fc.integer({ min: -1, max: 1_100 }),
          bySetPos: fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constant(null)),
          byWeekdays: fc.constantFrom('all', 'weekends', 'business-days', 'none'),
        },
        { requiredKeys: ['freq'] },
      ),
      fc.jsonValue(),
    ),
    firstDate: anyDate,
    lastDate: anyDate,
    startTime: anyTime,
    endTime: anyTime,
    start: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    end: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    repetitionOfId: fc.oneof(fc.integer(), fc.constant(null)),
    addDaysNo: fc.integer(),
    solutions: fc.dictionary(anyText, fc.oneof(fc.constant('ours'), anyText)),
    timeZone: anyText,
  },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(anyShow, anySchedule, anyPackage, fc.jsonValue(), anyText);

test(`${RUNS} requests of chance get an answer that blames nobody here`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      anyPath,
      anyBody,
      anyHeader,
      async (method, path, body, value) => {
        const headers = { 'if-match': value, 'idempotency-key': value, 'x-namespace': value };
        const { status, text } = await station.call(method, path, method === 'GET' ? undefined : body, headers);
        if (status >= 500) throw new Error(`${status} ${text}`);
      },
    ),
    { numRuns: RUNS },
  );
  expect((await station.get('/health/ready')).status).toBe(200);
});

test(`names of chance are stored as they are, found again, listed and told`, async () => {
  const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => name.trim() !== '');
  await fc.assert(
    fc.asyncProperty(anyName, async (name) => {
      const made = await station.call('POST', '/shows/', { name });
      expect(made).toMatchObject({ status: 201, body: { name: name.trim() } });
      const { body } = await station.get(`/shows/?order=-id&limit=1&q=${encodeURIComponent(name.trim())}`);
      expect(body['items']).toEqual([made.body]);
    }),
    { numRuns: 100 },
  );
});
