// The demo station as steering has it after a load that was interrupted and went on: everything once, and a week around a
// change of the clocks that a listener would believe.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDemoStation, type DemoStation } from './support/demo-station.ts';

/** A Saturday night at 22:10 in Vienna. On Sunday there is no hour from 2 to 3. */
const NOW = '2027-03-27T21:10:00Z';
const WEEK = 'start=2027-03-28T00:00:00%2B01:00&end=2027-04-04T00:00:00%2B02:00';
/** Of all requests of a load, in the midst of the schedules. */
const INTERRUPTED_AFTER = 70;
/** It takes seconds, and many times that when two processors are shared by twenty. */
const LOADED_WITHIN_MS = 120_000;

let demo: DemoStation;
beforeAll(async () => {
  demo = await startDemoStation(NOW);
  await expect(demo.load({ failAfter: INTERRUPTED_AFTER })).rejects.toThrow('cut off');
  await expect(demo.load()).resolves.toBe('loaded');
}, LOADED_WITHIN_MS);
afterAll(() => demo?.stop());

type Entry = {
  readonly start: string;
  readonly end: string;
  readonly showId: number;
  readonly timeslotId: number | null;
  readonly mediaId: number | null;
  readonly episode: { readonly title: string } | null;
  readonly timeslot: { readonly repetitionOfId: number | null } | null;
};
const week = (): Promise<readonly Entry[]> => demo.get<readonly Entry[]>(`program/playout/?${WEEK}`);

test('a load that was interrupted, and its answer lost, goes on and doubles nothing (D2)', async () => {
  const names = await demo.names('shows');
  expect(names).toHaveLength(30);
  for (const collection of ['categories', 'profiles', 'media']) {
    const found = await demo.names(collection);
    expect(new Set(found).size).toBe(found.length);
  }
  expect(new Set(names).size).toBe(30);
  expect(await demo.get('radio-settings/')).toMatchObject({ stationName: 'Radio Longwave', timeZone: 'Europe/Vienna' });
});

test('a station that is loaded costs one request at the next start (D2)', async () => {
  const before = demo.requests();
  await expect(demo.load()).resolves.toBe('left as it was');
  expect(demo.requests() - before).toBe(1);
});

test('the week is without gaps: whatever no show has is filled by the fallback show', async () => {
  const entries = await week();
  entries.reduce((previous, entry) => {
    expect(entry.start).toBe(previous.end);
    return entry;
  });
  expect(entries.at(-1)?.end.slice(0, 16)).toBe('2027-04-04T01:00');
  const settings = await demo.get<{ fallbackShowId: number }>('radio-settings/');
  const gaps = entries.filter(({ timeslotId }) => timeslotId === null);
  expect(new Set(gaps.map(({ showId }) => showId))).toEqual(new Set([settings.fallbackShowId]));
  expect(gaps.length).toBeGreaterThan(14);
  // Those of the month and of every second week that are not in this one, the retired one, and the one of some Saturday.
  expect(new Set(entries.map(({ showId }) => showId)).size).toBeGreaterThanOrEqual(22);
});

test('something is played in every minute of it, live from a studio as well as from files', async () => {
  const media = await demo.get<{ items: { id: number; sources: { source: string }[] }[] }>('media/?limit=200');
  const isLive = new Map(
    media.items.map(({ id, sources }) => [id, sources.some(({ source }) => source.startsWith('line:'))]),
  );
  const real = (await week()).filter(({ timeslotId }) => timeslotId !== null);
  const live = real.filter(({ mediaId }) => isLive.get(mediaId ?? 0) === true);
  const produced = real.filter(({ mediaId }) => isLive.get(mediaId ?? 0) === false);
  expect(live.length + produced.length).toBe(real.length);
  expect(live.length).toBeGreaterThan(20);
  expect(produced.length).toBeGreaterThan(20);
});

test('a repetition follows its original, and plays a recording where the original was live', async () => {
  const timeslots = await demo.timeslots('start=2027-03-28T00:00:00Z&end=2027-04-12T00:00:00Z');
  const byId = new Map(timeslots.map((timeslot) => [timeslot.id, timeslot]));
  const repetitions = timeslots.filter(({ repetitionOfId }) => repetitionOfId !== null);
  expect(repetitions.length).toBeGreaterThan(25);
  for (const { start, showId, repetitionOfId } of repetitions) {
    const original = byId.get(repetitionOfId ?? 0);
    expect(original?.showId).toBe(showId);
    expect(Date.parse(original?.end ?? '')).toBeLessThanOrEqual(Date.parse(start));
  }
});

test('there are schedules of every kind, overnight ones, and episodes', async () => {
  type Rule = { freq: string; interval: number; bySetPos: number | null; byWeekdays: string };
  type Schedule = { rrule: Rule; startTime: string; endTime: string };
  const { items } = await demo.get<{ items: Schedule[] }>('schedules/?limit=200');
  const kinds = items.map(({ rrule }) => `${rrule.freq} ${rrule.interval} ${rrule.bySetPos ?? rrule.byWeekdays}`);
  const wanted = ['once 1', 'daily 1 all', 'daily 1 business-days', 'daily 1 weekends', 'weekly 1', 'weekly 2'];
  for (const kind of [...wanted, 'monthly 1 1', 'monthly 1 4', 'monthly 1 -1'])
    expect(kinds).toEqual(expect.arrayContaining([expect.stringContaining(kind)]));
  expect(items.filter(({ startTime, endTime }) => endTime < startTime)).toHaveLength(2);
  expect((await week()).filter(({ episode }) => episode !== null).length).toBeGreaterThan(8);
});

// Last: they rename the station.
test('a station that has shows, or another name, is left as it is (D1)', async () => {
  for (const name of ['Longwave', 'Radio Nowhere']) {
    await demo.rename(name);
    await expect(demo.load()).resolves.toBe('left as it was');
    expect(await demo.get('radio-settings/')).toMatchObject({ stationName: name });
  }
});

test('a load whose keys steering may have forgotten is not gone on with (D2)', async () => {
  await demo.rename('Radio Longwave, being set up');
  const before = demo.requests();
  await expect(demo.load({ now: new Date('2027-03-28T20:30:00Z') })).resolves.toBe('unfinished');
  expect(demo.requests() - before).toBe(1);
});
