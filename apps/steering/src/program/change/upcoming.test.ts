import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyEdit, edited } from '../../../test/support/any-edit.ts';
import { checkProperty, PROPERTY_TIMEOUT_MS } from '../../../test/support/check-property.ts';
import { QUARTER_MS } from '../../../test/support/naive-playout.ts';
import { at, programOf, slot, type ProgramParts } from '../../../test/support/program.ts';
import { shortSubject } from '../../../test/support/told.ts';
import { entriesOf } from '../playout/entries.ts';
import { overlaps } from '../time/interval.ts';
import { formatInstant } from '../time/local-time.ts';
import { decideOnChange, decideOnTick, subjectsOf } from './decide-messages.ts';
import { next24hWindow, nextTickMs, nowWindow, UPCOMING_MS, upcomingScope } from './upcoming.ts';

const VIENNA = 'Europe/Vienna';

const evening = slot(1, '2026-11-21 20:00', '2026-11-21 21:00');
const next = slot(2, '2026-11-21 21:00', '2026-11-21 22:00');
const tomorrow = slot(3, '2026-11-22 20:00', '2026-11-22 21:00');

/** The instants from one to the other at which something is to be told, and what. */
function ticks(parts: ProgramParts, from: string, until: string): readonly string[] {
  const program = programOf(parts);
  const found: string[] = [];
  let toldUntilMs = at(from);
  for (let tick = nextTickMs(program, toldUntilMs); tick !== null && tick < at(until);) {
    const decision = decideOnTick(program, { nowMs: tick, toldUntilMs });
    const subjects = subjectsOf(decision).map((subject) => shortSubject(subject).replace('upcoming.', ''));
    found.push(`${formatInstant(VIENNA, tick).slice(5, -6)} ${subjects.join(' ')}`);
    ({ toldUntilMs } = decision);
    tick = nextTickMs(program, toldUntilMs);
  }
  return found;
}

test('M5 now is told when an entry begins, and when it ends with none after it', () => {
  expect(ticks({ timeslots: [evening, next] }, '2026-11-21 12:00', '2026-11-22 12:00')).toEqual([
    '11-21T20:00:00 now',
    '11-21T21:00:00 now 24h',
    '11-21T22:00:00 now 24h',
  ]);
});

test('M5 24h is told when an entry enters the window, and when it leaves it', () => {
  expect(ticks({ timeslots: [tomorrow] }, '2026-11-21 12:00', '2026-11-23 12:00')).toEqual([
    '11-21T20:00:00.001 24h',
    '11-22T20:00:00 now',
    '11-22T21:00:00 now 24h',
  ]);
});

test('M5 with a fallback show, midnight is told, too: a virtual entry ends there', () => {
  expect(ticks({ timeslots: [evening], fallbackShowId: 9 }, '2026-11-21 22:00', '2026-11-23 12:00')).toEqual([
    '11-22T00:00:00 now 24h',
    '11-22T00:00:00.001 24h',
    '11-23T00:00:00 now 24h',
    '11-23T00:00:00.001 24h',
  ]);
});

test('around a clock change the window is 24 hours long', () => {
  const afterSpring = slot(1, '2027-03-28 20:00', '2027-03-28 21:00');
  expect(ticks({ timeslots: [afterSpring] }, '2027-03-27 12:00', '2027-03-28 12:00')).toEqual([
    '03-27T19:00:00.001 24h',
  ]);
});

test('with nothing planned there is nothing to wait for', () => {
  expect(nextTickMs(programOf({}), at('2026-11-21 12:00'))).toBeNull();
  expect(nextTickMs(programOf({ timeslots: [tomorrow] }), at('2026-11-19 12:00'))).toBeNull();
});

describe('M5 after an outage', () => {
  const program = programOf({ timeslots: [evening, next, tomorrow] });
  const tick = (toldUntil: string, now: string): readonly string[] => {
    const messages = decideOnTick(program, { nowMs: at(now), toldUntilMs: at(toldUntil) });
    return subjectsOf(messages).map(shortSubject);
  };

  test('only the current state is told, once', () => {
    const messages = decideOnTick(program, { nowMs: at('2026-11-21 21:30'), toldUntilMs: at('2026-11-20 12:00') });
    expect(messages.upcomingNow?.map(({ timeslotId }) => timeslotId)).toEqual([2]);
    expect(messages.upcoming24h?.map(({ timeslotId }) => timeslotId)).toEqual([2, 3]);
    const { toldUntilMs } = messages;
    expect(subjectsOf(decideOnTick(program, { nowMs: at('2026-11-21 21:30'), toldUntilMs }))).toEqual([]);
  });

  test('nothing is told when all that changed has changed back', () => {
    expect(tick('2026-11-21 19:00', '2026-11-21 19:30')).toEqual([]);
    expect(tick('2026-11-19 12:00', '2026-11-25 12:00')).toEqual([]);
  });

  test('an edit tells what the timer has not come to yet', () => {
    const moment = { nowMs: at('2026-11-21 20:00'), toldUntilMs: at('2026-11-21 19:59') };
    const after = programOf({ timeslots: [evening, next] });
    expect(subjectsOf(decideOnChange(program, after, moment)).map(shortSubject)).toContain('upcoming.now');
  });

  test('what a replica with a fast clock has told is not told again, nor taken back', () => {
    const fast = decideOnTick(program, { nowMs: at('2026-11-21 20:00'), toldUntilMs: at('2026-11-21 19:59') });
    expect(subjectsOf(fast).map(shortSubject)).toEqual(['upcoming.now']);
    const moment = { nowMs: at('2026-11-21 19:59:59'), toldUntilMs: fast.toldUntilMs };
    expect(decideOnTick(program, moment)).toMatchObject({ upcomingNow: null, toldUntilMs: fast.toldUntilMs });
  });
});

test('what a decision has to know reaches from what was told last to two days from now', () => {
  expect(upcomingScope(VIENNA, at('2026-11-21 12:00'), at('2026-11-20 23:00'))).toEqual({
    startMs: at('2026-11-20 00:00'),
    endMs: at('2026-11-24 00:00'),
  });
  expect(upcomingScope(VIENNA, at('2026-11-21 12:00'), null).startMs).toBe(at('2026-11-21 00:00'));
});

test(
  'the next tick is the first instant at which either answer changes',
  () => {
    const beginMs = at('2027-03-26 00:00');
    checkProperty([fc.array(anyEdit, { maxLength: 12 }), fc.nat(192)], (edits, quarter) => {
      const near = edits.map((edit) => ({ ...edit, quarter: edit.quarter % 400 }));
      const program = near.reduce((result, edit) => edited(result, edit, beginMs), programWithEpisodes);
      const nowMs = beginMs + quarter * QUARTER_MS;
      // Everything begins and ends at quarters: an answer can change at one, or a millisecond after.
      const instants = Array.from({ length: UPCOMING_MS / QUARTER_MS }, (_, index) => nowMs + index * QUARTER_MS)
        .flatMap((instant) => [instant, instant + 1])
        .concat(nowMs + UPCOMING_MS);
      // An entry is the same in every window (P3), so those of two days are enough for all.
      const entries = entriesOf(program, { startMs: nowMs, endMs: nowMs + 2 * UPCOMING_MS });
      const answers = (instant: number): string =>
        [nowWindow(instant), next24hWindow(instant)]
          .map((window) => entries.filter((entry) => overlaps(entry, window)).map(({ startMs }) => startMs))
          .join(' and ');
      const changed = instants.find((instant) => answers(instant) !== answers(nowMs)) ?? null;
      expect(nextTickMs(program, nowMs)).toBe(changed);
    });
  },
  PROPERTY_TIMEOUT_MS,
);

const programWithEpisodes = programOf({ episodes: [1, 2, 3].map((id) => ({ id, title: '', mediaId: null })) });
