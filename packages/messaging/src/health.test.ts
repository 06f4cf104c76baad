// What readiness says when the broker or a consumption is not well, and what it keeps to itself.
import { describe, expect, test } from '@jest/globals';
import { brokerHealth, consumptionHealth } from './health.ts';

const saying = <State>(state: State) => ({ state: () => state });
const up = saying({ state: 'up' } as const);
const away = saying({ state: 'down', reason: 'connect ECONNREFUSED 10.0.0.7:4222' } as const);

describe('the broker', () => {
  test('is up when it is there', () => {
    expect(brokerHealth(up, 'messages wait')).toEqual({ state: 'up' });
  });

  test('that is away is degraded, with what follows from it and without its address', () => {
    expect(brokerHealth(away, 'messages wait')).toEqual({
      state: 'degraded',
      reason: 'nats-server is away: messages wait',
    });
  });
});

describe('consuming', () => {
  const paused = saying({ state: 'degraded', reason: '2 keys wait' } as const);
  const missing = saying({ state: 'down', reason: 'events/x: no consumer' } as const);

  test('is up when all of it is', () => {
    expect(consumptionHealth(up, [up, up])).toEqual({ state: 'up' });
  });

  test('is degraded by any of it, and says by which', () => {
    expect(consumptionHealth(up, [up, paused, missing])).toEqual({
      state: 'degraded',
      reason: '2 keys wait; events/x: no consumer',
    });
  });

  test('that stands by for another replica is up, and says so', () => {
    const standby = saying({ state: 'standby', reason: 'events/x: another replica has the group' } as const);
    expect(consumptionHealth(up, [up, standby])).toEqual({
      state: 'up',
      note: 'events/x: another replica has the group',
    });
    expect(consumptionHealth(up, [paused, standby])).toEqual({ state: 'degraded', reason: '2 keys wait' });
  });

  test('waits for a broker that is away, whatever else is wrong', () => {
    expect(consumptionHealth(away, [missing])).toEqual({
      state: 'degraded',
      reason: 'nats-server is away: messages wait there',
    });
  });
});
