import { expect, test } from '@jest/globals';
import { slot, type ProgramParts } from '../../../test/support/program.ts';
import { told } from '../../../test/support/told.ts';
import type { Timeslot } from '../program.ts';

const wholeDay = (id: number, date: string, next: string): Timeslot => slot(id, `${date} 00:00`, `${next} 00:00`);
/** Today, a Saturday, and the Monday after are full; the Sunday has a gap, the Tuesday is the last day. */
const timeslots = [
  wholeDay(1, '2026-11-21', '2026-11-22'),
  slot(2, '2026-11-22 13:00', '2026-11-22 14:00'),
  wholeDay(3, '2026-11-23', '2026-11-24'),
  slot(4, '2026-11-24 00:00', '2026-11-24 23:00'),
];
const touched = 'date.2026-11-22 date.2026-11-24 week.2026-W47 week.2026-W48 month.2026-11 upcoming.24h';
const [first, second] = [
  { id: 9, name: 'Fallback', defaultMediaId: 90 },
  { id: 2, name: 'Other', defaultMediaId: 90 },
];
const shows = [first, second];

/** What changes, and what is told of it. */
const changes: readonly (readonly [string, ProgramParts, ProgramParts, string])[] = [
  ['set', { timeslots, shows }, { timeslots, shows, fallbackShowId: 9 }, touched],
  ['removed', { timeslots, shows, fallbackShowId: 9 }, { timeslots, shows }, touched],
  [
    'replaced by another with the same media',
    { timeslots, shows, fallbackShowId: 9 },
    { timeslots, shows, fallbackShowId: 2 },
    touched,
  ],
  [
    'given other media',
    { timeslots, shows, fallbackShowId: 9 },
    { timeslots, shows: [{ ...first, defaultMediaId: 91 }, second], fallbackShowId: 9 },
    // What has no media at all inherits them from the fallback show, too.
    'date.2026-11-21 date.2026-11-22 date.2026-11-23 date.2026-11-24 week.2026-W47 week.2026-W48 month.2026-11 upcoming.now upcoming.24h',
  ],
  [
    'given another name',
    { timeslots, shows, fallbackShowId: 9 },
    { timeslots, shows: [{ ...first, name: 'Night' }, second], fallbackShowId: 9 },
    '',
  ],
];

const withMedia = (parts: ProgramParts, mediaId: number | null): ProgramParts => ({
  ...parts,
  timeslots: (parts.timeslots ?? []).map((timeslot) => ({ ...timeslot, mediaId })),
});

test.each(changes)(
  '%s touches what has gaps, between today and the last timeslot',
  (title, before, after, expected) => {
    const mediaId = title === 'given other media' ? null : 5;
    expect(told(withMedia(before, mediaId), withMedia(after, mediaId)).join(' ')).toBe(expected);
  },
);

test('M3 a week and a month are touched by a gap that lies before today, or after the last timeslot', () => {
  const full = [wholeDay(1, '2026-11-21', '2026-11-22')].map((timeslot) => ({ ...timeslot, mediaId: 5 }));
  expect(told({ timeslots: full }, { timeslots: full, fallbackShowId: 9 }).join(' ')).toBe(
    'week.2026-W47 month.2026-11 upcoming.24h',
  );
});

test('M3 without any timeslot today is told, and nothing endless', () => {
  expect(told({}, { fallbackShowId: 9 }).join(' ')).toBe(
    'date.2026-11-21 week.2026-W47 month.2026-11 upcoming.now upcoming.24h',
  );
});

test('M3 a timeslot that comes into a gap, or goes, touches its own timeframes and nothing around', () => {
  const live = slot(1, '2026-11-25 20:00', '2026-11-25 21:00');
  const subjects = ['date.2026-11-25', 'week.2026-W48', 'month.2026-11'];
  expect(told({ fallbackShowId: 9 }, { fallbackShowId: 9, timeslots: [live] })).toEqual(subjects);
  expect(told({ fallbackShowId: 9, timeslots: [live] }, { fallbackShowId: 9 })).toEqual(subjects);
});

test('M3 a timeslot beyond the 24 hours is told when it shortens the gap that reaches into them', () => {
  const later = slot(1, '2026-11-22 15:00', '2026-11-22 16:00');
  expect(told({ fallbackShowId: 9 }, { fallbackShowId: 9, timeslots: [later] })).toContain('upcoming.24h');
  expect(told({}, { timeslots: [later] })).not.toContain('upcoming.24h');
});
