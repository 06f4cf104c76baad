import { expect, test } from '@jest/globals';
import { at, programOf, slot, VIENNA } from '../../../test/support/program.ts';
import { IncompleteProgramError } from '../incomplete-program-error.ts';
import type { Program } from '../program.ts';
import { formatInstant } from '../time/local-time.ts';
import { basicOf } from './basic.ts';
import { calendarOf } from './calendar.ts';
import { entriesOf, scopeOf } from './entries.ts';
import { playoutOf } from './playout.ts';

/** Date and time of both ends, and the timeslot or `gap`. */
function entries(program: Program, start: string, end: string): readonly string[] {
  const { zone } = program;
  return entriesOf(program, { startMs: at(start, zone), endMs: at(end, zone) }).map(({ startMs, endMs, timeslot }) => {
    const [from, until] = [formatInstant(zone, startMs), formatInstant(zone, endMs)];
    return `${from.slice(5, 16)} ${until.slice(5, 16)} ${timeslot?.id ?? 'gap'}`;
  });
}

const evening = slot(1, '2026-11-21 20:00', '2026-11-21 21:00');
const night = slot(2, '2026-11-21 22:00', '2026-11-22 02:00', { scheduleId: 20 });

test('P1 gaps are filled by the fallback show, without a gap', () => {
  const program = programOf({ fallbackShowId: 9, timeslots: [evening, night] });
  expect(entries(program, '2026-11-21 12:00', '2026-11-22 12:00')).toEqual([
    '11-21T00:00 11-21T20:00 gap',
    '11-21T20:00 11-21T21:00 1',
    '11-21T21:00 11-21T22:00 gap',
    '11-21T22:00 11-22T02:00 2',
    '11-22T02:00 11-23T00:00 gap',
  ]);
});

test('P2 virtual entries end at midnight, where the next begins; timeslots are whole', () => {
  const program = programOf({ fallbackShowId: 9, timeslots: [night] });
  expect(entries(program, '2026-11-20 23:59', '2026-11-23 00:01')).toEqual([
    '11-20T00:00 11-21T00:00 gap',
    '11-21T00:00 11-21T22:00 gap',
    '11-21T22:00 11-22T02:00 2',
    '11-22T02:00 11-23T00:00 gap',
    '11-23T00:00 11-24T00:00 gap',
  ]);
});

test('P3 an entry is the same in every window that shows it', () => {
  const program = programOf({ fallbackShowId: 9, timeslots: [evening, night] });
  const whole = entries(program, '2026-11-20 00:00', '2026-11-24 00:00');
  for (let hour = 0; hour < 72; hour += 1) {
    const startMs = at('2026-11-20 12:00') + hour * 3_600_000;
    const [shown, ...others] = entriesOf(program, { startMs, endMs: startMs + 1 });
    const [from, until] = [shown?.startMs ?? 0, shown?.endMs ?? 0].map((ms) => formatInstant(VIENNA, ms).slice(5, 16));
    expect(whole).toContain(`${from} ${until} ${shown?.timeslot?.id ?? 'gap'}`);
    expect(others).toEqual([]);
  }
});

test('a window shows what overlaps it, not what it only touches', () => {
  const program = programOf({ timeslots: [evening, night] });
  expect(entries(program, '2026-11-21 19:00', '2026-11-21 20:00')).toEqual([]);
  expect(entries(program, '2026-11-21 21:00', '2026-11-21 22:00')).toEqual([]);
  expect(entries(program, '2026-11-21 20:59', '2026-11-21 22:01')).toHaveLength(2);
  expect(entries(program, '2026-11-22 01:59', '2026-11-22 01:59')).toEqual([]);
  expect(entries(program, '2026-11-23 00:00', '2026-11-22 00:00')).toEqual([]);
});

test('P4 without a fallback show there are simply no virtual entries', () => {
  expect(entries(programOf({ timeslots: [evening] }), '2026-11-21 12:00', '2026-11-22 12:00')).toEqual([
    '11-21T20:00 11-21T21:00 1',
  ]);
  expect(entries(programOf({}), '2026-11-21 12:00', '2026-11-22 12:00')).toEqual([]);
});

/** Days of clock changes, and how long the gap is that fills them. */
const days = [
  [VIENNA, '2027-03-28', '2027-03-29', 23],
  [VIENNA, '2027-10-31', '2027-11-01', 25],
  ['America/New_York', '2027-03-14', '2027-03-15', 23],
  ['America/New_York', '2027-11-07', '2027-11-08', 25],
  ['Pacific/Chatham', '2027-04-04', '2027-04-05', 25],
  ['Pacific/Chatham', '2027-09-26', '2027-09-27', 23],
  ['Africa/Cairo', '2027-04-30', '2027-05-01', 23],
] as const;

test.each(days)('in %s the gap of %s ends at the midnight of %s, %d hours later', (zone, date, next, hours) => {
  const window = { startMs: at(`${date} 12:00`, zone), endMs: at(`${date} 12:01`, zone) };
  const [gap, ...others] = entriesOf(programOf({ zone, fallbackShowId: 9 }), window);
  expect(others).toEqual([]);
  expect(gap).toMatchObject({ startMs: at(`${date} 00:00`, zone), endMs: at(`${next} 00:00`, zone) });
  expect(((gap?.endMs ?? 0) - (gap?.startMs ?? 0)) / 3_600_000).toBe(hours);
});

test('what has to be known for a window are its whole days', () => {
  expect(scopeOf(VIENNA, { startMs: at('2026-12-31 23:59'), endMs: at('2027-01-01 00:01') })).toEqual({
    startMs: at('2026-12-31 00:00'),
    endMs: at('2027-01-02 00:00'),
  });
  expect(scopeOf(VIENNA, { startMs: at('2026-12-31 00:00'), endMs: at('2027-01-01 00:00') })).toEqual({
    startMs: at('2026-12-31 00:00'),
    endMs: at('2027-01-01 00:00'),
  });
});

/** Who has media of his own: timeslot, original, episode, schedule, show, fallback show. The first of them decides. */
const heritage = ['timeslot', 'original', 'episode', 'schedule', 'show', 'fallback'] as const;

test('P5 media come from the timeslot, else its original, its episode, its schedule, its show, the fallback show', () => {
  for (const [index, first] of [...heritage, null].entries()) {
    const mediaOf = (who: (typeof heritage)[number]): number | null =>
      heritage.indexOf(who) >= index ? 100 + heritage.indexOf(who) : null;
    const program = programOf({
      fallbackShowId: 9,
      timeslots: [{ ...evening, mediaId: mediaOf('timeslot'), repetitionOfId: 8 }],
      originals: [{ id: 8, episodeId: 5, mediaId: mediaOf('original') }],
      episodes: [{ id: 5, title: 'Episode', mediaId: mediaOf('episode') }],
      schedules: [{ id: 10, showId: 1, defaultMediaId: mediaOf('schedule') }],
      shows: [
        { id: 1, name: 'Show', defaultMediaId: mediaOf('show') },
        { id: 9, name: 'Fallback', defaultMediaId: mediaOf('fallback') },
      ],
    });
    const [entry] = entriesOf(program, evening);
    expect(entry?.mediaId).toBe(first === null ? null : 100 + index);
  }
});

test('a repetition plays the episode and the media of its original, now and when those change', () => {
  const repetition = slot(3, '2026-11-22 10:00', '2026-11-22 11:00', { repetitionOfId: 1 });
  const episodes = [{ id: 5, title: 'Waves', mediaId: 50 }];
  const original = { ...evening, episodeId: 5 };
  const [entry] = playoutOf(programOf({ timeslots: [original, repetition], episodes }), repetition);
  expect(entry).toMatchObject({ mediaId: 50, episode: { id: 5, title: 'Waves' }, timeslot: { repetitionOfId: 1 } });
});

test('playout, basic and calendar show the same entries in their own words', () => {
  const program = programOf({
    fallbackShowId: 9,
    timeslots: [{ ...evening, episodeId: 5, memo: 'live' }],
    episodes: [{ id: 5, title: 'Waves', mediaId: 50 }],
    schedules: [{ id: 10, showId: 1, defaultMediaId: 60 }],
    shows: [{ id: 9, name: 'Fallback', defaultMediaId: 90 }],
  });
  const window = { startMs: at('2026-11-21 19:00'), endMs: at('2026-11-21 20:30') };
  const [start, end] = ['2026-11-21T20:00:00+01:00', '2026-11-21T21:00:00+01:00'];
  const gap = {
    id: '2026-11-21T00:00:00+01:00--2026-11-21T20:00:00+01:00',
    start: '2026-11-21T00:00:00+01:00',
    end: '2026-11-21T20:00:00+01:00',
    showId: 9,
    timeslotId: null,
  };
  const entry = { id: `${start}--${end}`, start, end, showId: 1, timeslotId: 1 };
  expect(basicOf(program, window)).toEqual([gap, entry]);
  expect(playoutOf(program, window)).toEqual([
    {
      ...gap,
      mediaId: 90,
      show: { id: 9, name: 'Fallback', defaultMediaId: 90 },
      schedule: null,
      episode: null,
      timeslot: null,
    },
    {
      ...entry,
      mediaId: 50,
      show: { id: 1, name: 'Show 1', defaultMediaId: null },
      schedule: { id: 10, defaultMediaId: 60 },
      episode: { id: 5, title: 'Waves' },
      timeslot: { id: 1, start, end, isVirtual: false, memo: 'live', mediaId: null, repetitionOfId: null },
    },
  ]);
  const inCalendar = {
    ...entry,
    isVirtual: false,
    scheduleId: 10,
    episodeId: 5,
    mediaId: 50,
    repetitionOfId: null,
  };
  expect(calendarOf(program, window, { includeVirtual: false })).toEqual({
    entries: [inCalendar],
    showIds: [1],
    scheduleIds: [10],
    timeslotIds: [1],
    episodeIds: [5],
    mediaIds: [50],
  });
  expect(calendarOf(program, window, { includeVirtual: true })).toEqual({
    entries: [
      { ...gap, isVirtual: true, scheduleId: null, episodeId: null, mediaId: 90, repetitionOfId: null },
      inCalendar,
    ],
    showIds: [1, 9],
    scheduleIds: [10],
    timeslotIds: [1],
    episodeIds: [5],
    mediaIds: [50, 90],
  });
});

test('a program that was read without what its timeslots lead to is refused, not guessed', () => {
  for (const part of [{ scheduleId: 77 }, { episodeId: 77 }, { repetitionOfId: 77 }]) {
    const program = programOf({ timeslots: [{ ...evening, ...part }] });
    expect(() => playoutOf(program, evening)).toThrow(IncompleteProgramError);
  }
});
