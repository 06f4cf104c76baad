// Lanes of keys are stored in tables: these values must never change while an outbox has rows.
import { expect, test } from '@jest/globals';
import { LANES, laneOf } from './lane.ts';

test.each([
  ['', 5],
  ['a', 4],
  ['steering/show/123', 1],
  ['package/default/playout-engine/1.4.0', 5],
  ['meter/m1', 5],
  ['é', 4],
  ['👋', 1],
  ['x'.repeat(512), 5],
])('the lane of %j is as it was recorded', (key, lane) => expect(laneOf(key)).toBe(lane));

test('keys are spread over all lanes', () => {
  const counts = Array.from({ length: LANES }, () => 0);
  for (let number = 0; number < 8_000; number += 1) {
    const lane = laneOf(`steering/show/${number}`);
    counts[lane] = (counts[lane] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(300);
});
