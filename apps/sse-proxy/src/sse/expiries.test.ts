// S19: a grant that ends is announced, and ends its stream within a second. With a clock that is moved: there is nobody
// yet who gives such grants.
import { afterEach, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { parseFilter } from '@longwave/messaging/contract';
import { hubOptions } from '../../test/support/hub-options.ts';
import { MemoryOutlet } from '../../test/support/memory-outlet.ts';
import { readerOf, ScriptedStream } from '../../test/support/scripted-stream.ts';
import { select } from '../domain/selection.ts';
import { streamTopology } from '../domain/stream-topology.ts';
import { Hub } from './hub.ts';

const EXPIRES_AT = new Date('2026-11-21T12:00:00.000Z');
const permitted = [parseFilter('s.>')];
const selection = select(['s.>'], { streams: streamTopology({ s: 's.>' }), permitted, filtersMax: 1 });
const hubs: Hub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) {
    await hub.drain();
    await hub.stop();
  }
});

test('a grant that ends is announced half a minute before, once, and ends the stream (S19)', async () => {
  let nowMs = EXPIRES_AT.getTime() - 60_000;
  const stream = new ScriptedStream('s');
  const clock = (): Date => new Date(nowMs);
  const hub = new Hub(hubOptions(readerOf([stream]), { clock, heartbeatMs: 160 }));
  hubs.push(hub);
  const [bounded, endless] = [new MemoryOutlet(), new MemoryOutlet()];
  const visit = { selection, claim: { kind: 'none' } } as const;
  const visitor = {
    address: '192.0.2.1',
    since: clock(),
    grant: { principal: 'user:1', permitted, expiresAt: EXPIRES_AT },
  };
  hub.subscribe({ ...visit, visitor }, bounded);
  hub.subscribe({ ...visit, visitor: { ...visitor, grant: { ...visitor.grant, expiresAt: null } } }, endless);
  await until('both know where they stand', () => [bounded, endless].every((outlet) => outlet.read().id !== ''));
  const notices = () => bounded.read().events.filter(({ type }) => type === 'expiring');
  expect(notices()).toEqual([]);
  nowMs += 30_000;
  await until('it is told', () => notices().length > 0);
  const beats = bounded.bytes;
  await until('time passes', () => bounded.bytes > beats);
  expect(notices().map(({ data }) => JSON.parse(data))).toEqual([{ at: EXPIRES_AT.toISOString() }]);
  nowMs += 30_000;
  await until('it is ended', () => hub.connections.size === 1);
  stream.append('s.x', '1');
  await until('the other one goes on', () => endless.read().events.some(({ type }) => type === 'message'));
  expect(endless.read().events.every(({ type }) => type === 'message')).toBe(true);
});
