// The checker against servers that keep every promise, and against servers that break one each: what judges others has
// to find what is wrong, and nothing else.
import { afterEach, expect, test } from '@jest/globals';
import { check, type CheckOptions, type Verdict } from '../src/index.ts';
import { startSampleServer, type Flaw, type SampleServer } from './support/sample-server.ts';

const servers: SampleServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const options: CheckOptions = {
  clients: 8,
  channels: 2,
  messagesPerSecond: 400,
  durationMs: 800,
  seed: 7,
  faultEveryMs: 100,
  settleWithinMs: 1_500,
  onProgress: () => undefined,
};

async function judge(flaw: Flaw, changed: Partial<CheckOptions> = {}): Promise<Verdict> {
  const server = await startSampleServer(flaw);
  servers.push(server);
  const faults = [{ name: 'restart', strike: () => server.restart() }];
  return check({ ...server.target, faults }, { ...options, ...changed });
}

const kinds = ({ violations }: Verdict): readonly string[] =>
  [...new Set(violations.map(({ kind }) => kind))].toSorted();

test('a server that keeps every promise is found to, however often it and its clients are killed', async () => {
  const verdict = await judge('none');
  expect(verdict.violations).toEqual([]);
  expect(verdict.gaps).toBe(0);
  expect(verdict.published).toBeGreaterThan(100);
  expect(verdict.delivered).toBeGreaterThan(verdict.published);
  expect(verdict.connections).toBeGreaterThan(8);
  expect(Object.keys(verdict.faults).toSorted()).toEqual(['clients cut off', 'restart']);
});

test('a stream that is over while its connection stays open is asked for again', async () => {
  const server = await startSampleServer('none');
  servers.push(server);
  const faults = [{ name: 'end', strike: async () => server.endStreams() }];
  const verdict = await check({ ...server.target, faults }, options);
  expect(verdict.violations).toEqual([]);
  expect(verdict.faults['end']).toBeGreaterThan(0);
});

test('an announced gap is no violation', async () => {
  const verdict = await judge('announces');
  expect(verdict.violations).toEqual([]);
  expect(verdict.gaps).toBeGreaterThan(0);
});

test.each<[Flaw, string]>([
  ['loses', 'loss'],
  ['forgets', 'loss'],
  ['repeats', 'duplicate'],
  ['overlaps', 'duplicate'],
])('a server that %s messages is found out: %s', async (flaw, kind) => {
  expect(kinds(await judge(flaw))).toEqual([kind]);
});

test('a server that swaps messages is found out', async () => {
  const verdict = await judge('swaps', { channels: 1, faultEveryMs: Infinity });
  expect(kinds(verdict)).toEqual(['disorder', 'loss']);
});

test('a server that keeps the last message for itself is found out', async () => {
  const verdict = await judge('withholds', { channels: 1, faultEveryMs: Infinity });
  expect(verdict.violations).toHaveLength(options.clients);
  expect(verdict.violations[0]).toMatchObject({ kind: 'loss', received: null });
});

test('an answer that is no event stream is told', async () => {
  const server = await startSampleServer('none');
  servers.push(server);
  const target = { ...server.target, headers: { 'content-length': '-1' } };
  const verdict = await check(target, { ...options, clients: 1, durationMs: 100, settleWithinMs: 200 });
  expect(verdict.refusals[0]).toBe(400);
});
