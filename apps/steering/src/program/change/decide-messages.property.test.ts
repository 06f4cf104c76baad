// Histories by chance against an oracle that works out the answers of all timeframes before and after, and compares.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyEdit, edited, EDITABLE_DAYS, type Edit } from '../../../test/support/any-edit.ts';
import { checkProperty, PROPERTY_TIMEOUT_MS } from '../../../test/support/check-property.ts';
import {
  naiveAnswer,
  naiveEntries,
  naiveTimeframes,
  QUARTER_MS,
  quartersOf,
  type NaiveEntry,
} from '../../../test/support/naive-playout.ts';
import { at, programOf } from '../../../test/support/program.ts';
import { shortSubject } from '../../../test/support/told.ts';
import type { PlayoutEntry } from '../playout/playout.ts';
import type { Program } from '../program.ts';
import { decideOnChange, decideOnTick, subjectsOf, type ProgramMessages } from './decide-messages.ts';
import { UPCOMING_MS } from './upcoming.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** More than a month on both sides of what is edited, so that every timeframe in question is whole. */
const MARGIN_DAYS = 40;

/** Where clocks change, weeks belong to another year, or a February has 29 days. */
const anyStation = fc.constantFrom(
  ['Europe/Vienna', '2026-12-10'],
  ['Europe/Vienna', '2027-03-10'],
  ['America/New_York', '2027-03-01'],
  ['America/New_York', '2027-10-20'],
  ['Pacific/Chatham', '2026-12-10'],
  ['Pacific/Chatham', '2027-03-20'],
  ['Europe/Vienna', '2028-02-10'],
);

/** Some time, or none, passes; then several edits in one transaction, or none: then only the timer asks. */
const anyStep = fc.record({
  passedMs: fc.oneof(
    fc.constant(0),
    fc.nat(8).map((quarters) => quarters * QUARTER_MS),
    fc.nat(300).map((quarters) => quarters * QUARTER_MS + 1),
    // Another replica, whose clock is behind.
    fc.constant(-QUARTER_MS),
  ),
  edits: fc.oneof(
    { weight: 3, arbitrary: fc.array(anyEdit, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant<readonly Edit[]>([]) },
  ),
});

const emptyStation = (zone: string): Program =>
  programOf({
    zone,
    episodes: [1, 2, 3].map((id) => ({ id, title: `Episode ${id}`, mediaId: null })),
  });

type Oracle = {
  readonly entriesOf: (program: Program) => readonly NaiveEntry[];
  readonly changedTimeframes: (before: Program, after: Program, nowMs: number) => readonly string[];
};

function oracleOf(zone: string, beginMs: number): Oracle {
  const quarters = quartersOf(zone, beginMs - MARGIN_DAYS * DAY_MS, EDITABLE_DAYS + 2 * MARGIN_DAYS);
  const timeframes = naiveTimeframes(quarters);
  const entriesOf = (program: Program): readonly NaiveEntry[] => naiveEntries(program, quarters);
  const dateAt = (instant: number): string =>
    quarters.dates[quarters.instants.findLastIndex((ms) => ms <= instant)] ?? '';
  const changedTimeframes = (before: Program, after: Program, nowMs: number): readonly string[] => {
    if (before === after) return [];
    const lastMs = Math.max(nowMs, ...[...before.timeslots, ...after.timeslots].map(({ endMs }) => endMs - 1));
    const [today, last] = [dateAt(nowMs), dateAt(lastMs)];
    const [old, young] = [entriesOf(before), entriesOf(after)];
    const [oldReal, youngReal] = [old, young].map((entries) => entries.filter(isReal));
    return timeframes
      .filter(({ startMs, endMs, firstDate, lastDate }) => {
        // What is over, and what is beyond the last timeslot, has only its timeslots: a gap is not told of there.
        const isInQuestion = lastDate >= today && firstDate <= last;
        const [left = [], right = []] = isInQuestion ? [old, young] : [oldReal, youngReal];
        return naiveAnswer(left, startMs, endMs) !== naiveAnswer(right, startMs, endMs);
      })
      .map(({ name }) => name);
  };
  return { entriesOf, changedTimeframes };
}

const isReal = ({ plays }: NaiveEntry): boolean => plays.startsWith('timeslot');

/** What a subscriber of `upcoming` has been told last, in the words of the oracle. */
function heard(entries: readonly PlayoutEntry[]): string {
  return entries
    .map(({ start, end, timeslotId, showId, mediaId }) => {
      const plays =
        timeslotId === null
          ? `virtual ${start.slice(0, 10)} ${showId} ${mediaId}`
          : `timeslot ${timeslotId} ${showId} ${mediaId}`;
      return `${Date.parse(start)} ${Date.parse(end)} ${plays}`;
    })
    .join('\n');
}

/** By station: the dates of all its quarters take longer than a history. */
const oracles = new Map<string, Oracle>();

function liveThrough(
  [zone = '', date = '']: readonly string[],
  steps: readonly { readonly passedMs: number; readonly edits: readonly Edit[] }[],
): void {
  const beginMs = at(`${date} 00:00`, zone);
  const oracle = oracles.get(`${zone} ${date}`) ?? oracleOf(zone, beginMs);
  oracles.set(`${zone} ${date}`, oracle);
  let program = emptyStation(zone);
  let clockMs = beginMs;
  let toldUntilMs = beginMs;
  const told = { now: '', next24h: '' };
  for (const { passedMs, edits } of steps) {
    clockMs += passedMs;
    const after = edits.reduce((result, edit) => edited(result, edit, beginMs), program);
    const moment = { nowMs: clockMs, toldUntilMs };
    const messages = edits.length === 0 ? decideOnTick(program, moment) : decideOnChange(program, after, moment);
    const nowMs = Math.max(clockMs, toldUntilMs);
    const entries = oracle.entriesOf(after);
    const now = naiveAnswer(entries, nowMs, nowMs + 1);
    const next24h = naiveAnswer(entries, nowMs, nowMs + UPCOMING_MS);
    expect(subjectsTold(messages)).toEqual([
      ...oracle.changedTimeframes(program, after, nowMs).toSorted(),
      ...(now === told.now ? [] : ['upcoming.now']),
      ...(next24h === told.next24h ? [] : ['upcoming.24h']),
    ]);
    expect(heard(messages.upcomingNow ?? [])).toBe(now === told.now ? '' : now);
    expect(heard(messages.upcoming24h ?? [])).toBe(next24h === told.next24h ? '' : next24h);
    Object.assign(told, { now, next24h });
    ({ toldUntilMs } = messages);
    program = after;
  }
}

/** Timeframes sorted, then upcoming; each subject once. */
function subjectsTold(messages: ProgramMessages): readonly string[] {
  const subjects = subjectsOf(messages).map(shortSubject);
  const isUpcoming = (subject: string): boolean => subject.startsWith('upcoming');
  return [...subjects.filter((subject) => !isUpcoming(subject)).toSorted(), ...subjects.filter(isUpcoming)];
}

test(
  'M1 to M5 what is told is exactly what has changed, once, whatever is edited and whoever was away meanwhile',
  () => {
    checkProperty([anyStation, fc.array(anyStep, { minLength: 1, maxLength: 10 })], liveThrough);
  },
  PROPERTY_TIMEOUT_MS,
);
