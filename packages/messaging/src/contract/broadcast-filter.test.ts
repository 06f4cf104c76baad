// Filters of broadcast events (Q4): what each address means, against what NATS lets through.
import { expect, test } from '@jest/globals';
import { broadcastFilter } from './broadcast-filter.ts';
import { filterMatches, parseFilter } from './filter.ts';

test.each([
  [{}, 0, 'longwave.v1.events.>'],
  [{ originator: 'x' }, 0, 'longwave.v1.events.x.>'],
  [{ originator: 'x', entityType: 'endpoint' }, 0, 'longwave.v1.events.x.endpoint.>'],
  [{ entityType: 'endpoint', eventGroup: 'lifecycle' }, 0, 'longwave.v1.events.*.endpoint.lifecycle.>'],
  [{ eventType: 'seen' }, 0, 'longwave.v1.events.*.*.*.seen'],
  [{ entityType: 'device', eventType: 'seen' }, 2, 'longwave.v1.events.*.device.*.seen.*.*'],
  [{ entityType: 'device', eventType: 'seen' }, 'some', 'longwave.v1.events.*.device.*.seen.>'],
] as const)('Q4: %j with %s extra tokens is %s', (address, extra, filter) => {
  expect(broadcastFilter(address, extra)).toBe(filter);
});

test('Q4: without an event type, extra tokens make no difference', () => {
  const filter = parseFilter(broadcastFilter({ entityType: 'device' }));
  expect(filterMatches(filter, 'longwave.v1.events.steering.device.connectivity.seen')).toBe(true);
  expect(filterMatches(filter, 'longwave.v1.events.steering.device.connectivity.seen.ns.id')).toBe(true);
});
