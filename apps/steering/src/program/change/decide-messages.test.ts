import { describe, expect, test } from '@jest/globals';
import { at, programOf, slot, type ProgramParts } from '../../../test/support/program.ts';
import { told } from '../../../test/support/told.ts';
import { decideOnChange } from './decide-messages.ts';

test('24 hours are 24 hours, also on a day of 23 or 25', () => {
  // 12:00 before the change; 13:00 after it is 24 hours later in spring, 11:00 in autumn.
  const spring = (start: string): readonly string[] =>
    told({}, { timeslots: [slot(1, `2027-03-28 ${start}`, '2027-03-28 20:00')] }, '2027-03-27 12:00');
  const autumn = (start: string): readonly string[] =>
    told({}, { timeslots: [slot(1, `2027-10-31 ${start}`, '2027-10-31 20:00')] }, '2027-10-30 12:00');
  expect(spring('12:59')).toContain('upcoming.24h');
  expect(spring('13:00')).not.toContain('upcoming.24h');
  expect(autumn('10:59')).toContain('upcoming.24h');
  expect(autumn('11:00')).not.toContain('upcoming.24h');
});

describe('M2 inherited media', () => {
  const own = slot(1, '2026-11-25 20:00', '2026-11-25 21:00', { mediaId: 5 });
  const heir = slot(2, '2026-12-09 20:00', '2026-12-09 21:00');
  const ofAnother = slot(3, '2026-12-16 20:00', '2026-12-16 21:00', { scheduleId: 20 });
  const station = { timeslots: [own, heir, ofAnother] };
  const ofHeir = 'date.2026-12-09 week.2026-W50 month.2026-12';
  const show = { id: 1, name: 'Show 1' };

  /** What changes, and what is told of it. */
  const changes: readonly (readonly [string, ProgramParts, ProgramParts, string])[] = [
    [
      'the default of a show touches the timeslots that inherit it, not those with their own',
      {},
      { shows: [{ ...show, defaultMediaId: 7 }] },
      ofHeir,
    ],
    ['so does the default of a schedule', {}, { schedules: [{ id: 10, showId: 1, defaultMediaId: 7 }] }, ofHeir],
    [
      'the default of a show touches nothing where the schedule has one',
      { schedules: [{ id: 10, showId: 1, defaultMediaId: 7 }] },
      { schedules: [{ id: 10, showId: 1, defaultMediaId: 7 }], shows: [{ ...show, defaultMediaId: 8 }] },
      '',
    ],
    [
      'where the media come from is no change',
      { shows: [{ ...show, defaultMediaId: 7 }] },
      { schedules: [{ id: 10, showId: 1, defaultMediaId: 7 }] },
      '',
    ],
    ['a new name of a show touches nothing', {}, { shows: [{ ...show, name: 'Other', defaultMediaId: null }] }, ''],
  ];

  test.each(changes)('%s', (_, before, after, expected) => {
    expect(told({ ...station, ...before }, { ...station, ...after }).join(' ')).toBe(expected);
  });

  test('media of an episode, or of its timeslot, touch the timeslot and its repetitions; a title touches none', () => {
    const broadcast = { ...heir, episodeId: 6 };
    const repetition = slot(4, '2027-01-07 20:00', '2027-01-07 21:00', { repetitionOfId: 2 });
    const episode = { id: 6, title: 'Waves', mediaId: null };
    const before = { timeslots: [own, broadcast, repetition], episodes: [episode] };
    expect(told(before, { ...before, episodes: [{ ...episode, mediaId: 8 }] }).join(' ')).toBe(
      'date.2026-12-09 date.2027-01-07 week.2026-W50 week.2027-W01 month.2026-12 month.2027-01',
    );
    expect(told(before, { ...before, episodes: [{ ...episode, title: 'Tides' }] })).toEqual([]);
    const withMedia = { ...before, timeslots: [own, { ...broadcast, mediaId: 8 }, repetition] };
    expect(told(before, withMedia)).toEqual(told(before, { ...before, episodes: [{ ...episode, mediaId: 8 }] }));
  });
});

test('M4 what upcoming tells is what playout answers for that time', () => {
  const timeslots = [slot(1, '2026-11-21 11:00', '2026-11-21 13:00'), slot(2, '2026-11-22 11:00', '2026-11-22 13:00')];
  const moment = { nowMs: at('2026-11-21 12:00'), toldUntilMs: null };
  const { upcomingNow, upcoming24h } = decideOnChange(programOf({}), programOf({ timeslots }), moment);
  expect(upcomingNow?.map(({ timeslotId }) => timeslotId)).toEqual([1]);
  expect(upcoming24h?.map(({ timeslotId }) => timeslotId)).toEqual([1, 2]);
  const gone = decideOnChange(programOf({ timeslots }), programOf({}), moment);
  expect([gone.upcomingNow, gone.upcoming24h]).toEqual([[], []]);
});
