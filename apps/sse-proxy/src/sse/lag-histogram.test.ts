import { expect, test } from '@jest/globals';
import { LAG_BUCKETS_SECONDS, LagHistogram } from './lag-histogram.ts';

test('lag is counted under the first bound that it does not exceed, for all deliveries of a slice', () => {
  const lag = new LagHistogram();
  lag.observe(1, 3);
  lag.observe(1.1, 1);
  lag.observe(-5, 1);
  lag.observe(3_600_000, 2);
  expect(lag.counts[0]).toBe(4);
  expect(lag.counts[1]).toBe(1);
  expect(lag.counts[LAG_BUCKETS_SECONDS.length]).toBe(2);
  expect(lag.counts.reduce((sum, count) => sum + count)).toBe(7);
  expect(lag.sumSeconds).toBeCloseTo(0.0041 + 7_200, 6);
});
