// What follows from one list of fields: a body, a merge patch and an answer that cannot differ.
import { describe, expect, test } from '@jest/globals';
import { episodeInput } from './episode.ts';
import { mediaInput } from './media.ts';
import { radioSettingsPatch } from './radio-settings.ts';
import { scheduleInput, schedulePatch } from './schedule.ts';
import { show, showInput, showPatch } from './show.ts';
import { timeslot, timeslotInput } from './timeslot.ts';

describe('a show', () => {
  test('has a default for everything but its name, and no slug unless one is said', () => {
    const parsed = showInput.parse({ name: 'Morning Wave' });
    expect(Object.keys(parsed).toSorted()).toEqual(
      Object.keys(showInput.shape)
        .filter((field) => field !== 'slug')
        .toSorted(),
    );
  });

  test('is patched with what is named, without defaults', () => {
    expect(showPatch.parse({})).toEqual({});
    expect(showPatch.parse({ predecessorId: null, links: [] })).toEqual({ predecessorId: null, links: [] });
    expect(showPatch.safeParse({ name: null }).success).toBe(false);
  });

  test('is answered with every field, whoever left it out', () => {
    const answered = { id: 1, ...showInput.parse({ name: 'x', slug: 'x' }) };
    const times = { createdAt: '2026-11-21T12:00:00.000Z', updatedAt: '2026-11-21T12:00:00.000Z' };
    expect(show.safeParse({ ...answered, ...times }).success).toBe(true);
    expect(show.safeParse({ ...answered, ...times, hostIds: undefined }).success).toBe(false);
  });

  test('is refused with a field that is none, in body and patch', () => {
    expect(showInput.safeParse({ name: 'x', nmae: 'y' }).success).toBe(false);
    expect(showPatch.safeParse({ nmae: 'y' }).success).toBe(false);
  });
});

test('what the service decides is in the answer alone', () => {
  expect(Object.keys(timeslot.shape)).toEqual(expect.arrayContaining(['scheduleId', 'showId', 'repetitionOfId']));
  const times = { start: '2026-11-23T20:00:00+01:00', end: '2026-11-23T21:00:00+01:00' };
  expect(timeslotInput.safeParse(times).success).toBe(true);
  expect(timeslotInput.safeParse({ ...times, scheduleId: 1 }).success).toBe(false);
});

test('a schedule keeps its strictness with the steps that are added to it', () => {
  const body = {
    showId: 1,
    rrule: { freq: 'weekly' },
    firstDate: '2026-11-23',
    startTime: '20:00:00',
    endTime: '21:00:00',
  };
  expect(scheduleInput.safeParse({ ...body, dryrun: true, solutions: { a: 'ours' } }).success).toBe(true);
  expect(scheduleInput.safeParse({ ...body, solution: {} }).success).toBe(false);
  expect(schedulePatch.safeParse({ lastDate: null }).success).toBe(true);
});

test.each([
  ['audio', 'line://0', true],
  ['audio', 'file://a/b.flac', true],
  ['audio', 'https://stream.example/live', true],
  ['audio', 'ftp://a', false],
  ['audio', 'file://a b', false],
  ['m3u', 'file://list.m3u', true],
  ['m3u', 'https://a.example/list.m3u', false],
  ['aura-structuredaudio', 'https://a.example/a.json', true],
  ['aura-structuredaudio', 'line://1', false],
  ['pool', 'file://a', false],
])('a source of type %s at %s: %s', (type, source, isAccepted) => {
  expect(mediaInput.safeParse({ name: 'x', sources: [{ type, source }] }).success).toBe(isAccepted);
});

test.each([
  ['Europe/Vienna', true],
  ['Pacific/Chatham', true],
  ['UTC', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Europe/Atlantis', false],
  ['+13:45', false],
  ['', false],
])('the time zone %j: %s', (timeZone, isAccepted) => {
  expect(radioSettingsPatch.safeParse({ timeZone }).success).toBe(isAccepted);
});

test('a list of references names each only once', () => {
  const body = { showId: 1, title: 'x' };
  expect(episodeInput.safeParse({ ...body, contributorIds: [1, 2] }).success).toBe(true);
  expect(episodeInput.safeParse({ ...body, contributorIds: [1, 1] }).success).toBe(false);
});
