import { expect, test } from '@jest/globals';
import { barsOf } from './bars.ts';
import { RateMeter, SCALE_SECONDS, totalOf } from './rate-meter.ts';

test('messages are counted by second and family', () => {
  const meter = new RateMeter();
  meter.record('resource', 1_000);
  meter.record('resource', 1_999);
  meter.record('program', 2_000);
  expect(meter.bins(2_500)).toEqual([
    { age: 1, bin: { resource: 2, program: 0, events: 0, other: 0 } },
    { age: 0, bin: { resource: 0, program: 1, events: 0, other: 0 } },
  ]);
});

test('what is older than the scale is forgotten', () => {
  const meter = new RateMeter();
  for (let second = 0; second < 10 * SCALE_SECONDS; second += 1) meter.record('events', second * 1_000);
  const bins = meter.bins(10 * SCALE_SECONDS * 1_000 - 1);
  expect(bins).toHaveLength(SCALE_SECONDS);
  expect(bins.reduce((sum, { bin }) => sum + totalOf(bin), 0)).toBe(SCALE_SECONDS);
});

test('a bar never leaves the scale, and its parts stand on each other', () => {
  const bins = [{ age: 0, bin: { resource: 900, program: 90, events: 9, other: 1 } }];
  const bars = barsOf(bins);
  expect(bars.map(({ family }) => family)).toEqual(['resource', 'program', 'events', 'other']);
  expect(bars[0]?.x).toBe(SCALE_SECONDS - 1);
  expect(bars.reduce((sum, { height }) => sum + height, 0)).toBeCloseTo(1);
  expect(bars.at(-1)?.y).toBeCloseTo(0);
});

test('one message is seen beside a thousand', () => {
  const bin = { resource: 0, program: 0, events: 0, other: 0 };
  const [one] = barsOf([
    { age: 1, bin: { ...bin, resource: 1 } },
    { age: 0, bin: { ...bin, resource: 1_000 } },
  ]);
  expect(one?.height).toBeGreaterThan(0.05);
});
