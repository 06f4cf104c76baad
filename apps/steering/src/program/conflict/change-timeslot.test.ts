import { expect, test } from '@jest/globals';
import type { Timeslot } from '../program.ts';
import { deleteTimeslots, moveTimeslot, RepetitionTooEarlyError, TimeslotOverlapError } from './change-timeslot.ts';

function timeslot(id: number, startMs: number, endMs: number, repetitionOfId: number | null = null): Timeslot {
  return { id, scheduleId: 1, startMs, endMs, episodeId: null, mediaId: null, memo: '', repetitionOfId };
}

const original = timeslot(1, 100, 200);
const other = timeslot(2, 300, 400);
const repetition = timeslot(3, 500, 600, 1);
const all = [original, other, repetition];

test('a timeslot goes where it is free, up to what it touches', () => {
  expect(moveTimeslot(original, { startMs: 200, endMs: 300 }, all).moves).toEqual([
    { id: 1, startMs: 200, endMs: 300 },
  ]);
  expect(moveTimeslot(original, { startMs: 150, endMs: 250 }, all).moves).toEqual([
    { id: 1, startMs: 150, endMs: 250 },
  ]);
});

test('N1 where something else is it does not go, and is told what is there', () => {
  expect(() => moveTimeslot(original, { startMs: 399, endMs: 501 }, all)).toThrow(
    expect.objectContaining({ code: 'timeslot-overlap', collisions: [other, repetition] }),
  );
  expect(() => moveTimeslot(original, { startMs: 310, endMs: 320 }, all)).toThrow(TimeslotOverlapError);
});

test('moving it to where it is changes nothing', () => {
  expect(moveTimeslot(original, { startMs: 100, endMs: 200 }, all)).toEqual({ creates: [], moves: [], deletes: [] });
});

test('N6 a repetition does not come before the end of its original', () => {
  expect(() => moveTimeslot(repetition, { startMs: 50, endMs: 90 }, all)).toThrow(RepetitionTooEarlyError);
  expect(moveTimeslot(repetition, { startMs: 200, endMs: 210 }, all).moves).toHaveLength(1);
});

test('N6 an original that is moved behind its repetition loses it', () => {
  expect(moveTimeslot(original, { startMs: 700, endMs: 800 }, all)).toEqual({
    creates: [],
    moves: [{ id: 1, startMs: 700, endMs: 800 }],
    deletes: [3],
  });
  expect(moveTimeslot(original, { startMs: 400, endMs: 500 }, all).deletes).toEqual([]);
});

test('N6 repetitions are deleted with their original', () => {
  expect(deleteTimeslots([1], all)).toEqual({ creates: [], moves: [], deletes: [1, 3] });
  expect(deleteTimeslots([2, 3], all)).toEqual({ creates: [], moves: [], deletes: [2, 3] });
});
