// The checker against servers that keep every promise, and against servers that break one each: what judges others has
// to find what is wrong, and nothing else.
import { afterEach, expect, test } from '@jest/globals';
import { check, UnknownOutcomeError, type CheckOptions, type Target, type Verdict } from '../src/index.ts';
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

test('a stream that never opens is no verdict, and says what was answered', async () => {
  const server = await startSampleServer('none');
  servers.push(server);
  const target = { ...server.target, headers: { 'content-length': '-1' } };
  const checking = check(target, { ...options, clients: 2, settleWithinMs: 200 });
  await expect(checking).rejects.toThrow(
    'the stream of 2 of 2 clients was not open within 0.2 s: the answers were 400',
  );
  await expect(checking).rejects.toThrow(UnknownOutcomeError);
});

test.each<[string, () => unknown, RegExp]>([
  ['throws', () => JSON.parse('no'), /^target\.read, of an event message with the data ".*", throws: SyntaxError/],
  ['gives what is no message', () => ({}), /gives \{\}: neither \{ channel, number \} nor null$/],
])('a target that %s when it reads is not blamed on the server', async (_, read, reason) => {
  const server = await startSampleServer('none');
  servers.push(server);
  const target = { ...server.target, read: read as Target['read'] }; // what a module without types may give
  await expect(check(target, { ...options, faultEveryMs: Infinity })).rejects.toThrow(reason);
});

test('what announces a gap is not read as a message', async () => {
  const server = await startSampleServer('announces');
  servers.push(server);
  const target: Target = { ...server.target, read: ({ data }) => JSON.parse(data) };
  const verdict = await check(target, options);
  expect(verdict.violations).toEqual([]);
  expect(verdict.gaps).toBeGreaterThan(0);
});

test.each<[Partial<CheckOptions>, string]>([
  [{ clients: 0 }, 'clients must be 1 or more, not 0'],
  [{ channels: 1.5 }, 'channels must be 1 or more, not 1.5'],
  [{ messagesPerSecond: 0 }, 'the rate must be above 0, not 0'],
])('options with which nothing could be found out are refused: %j', async (changed, reason) => {
  await expect(judge('none', changed)).rejects.toThrow(reason);
});

test('an address of https is refused instead of being asked for in the clear', async () => {
  const target: Target = { url: 'https://127.0.0.1/events', publish: async () => undefined, read: () => null };
  await expect(check(target, options)).rejects.toThrow('https://127.0.0.1/events is no address of http:');
});
