// The command as processes: two operators at once, and one that is killed in the middle of its work.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longwave/embedded/testing';
import { startStation, type Station } from './support/dead-letters.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const NODE_OPTIONS = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];

let station: Station;

beforeAll(async () => {
  station = await startStation();
});
afterAll(() => station.stop());

function startLongwave(...argv: readonly string[]) {
  const env = { PATH: process.env['PATH'], ...station.broker.settings };
  const child = spawn(process.execPath, [...NODE_OPTIONS, CLI, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(([code]): unknown => code);
  return { child, ended };
}

async function longwave(...argv: readonly string[]) {
  const { child, ended } = startLongwave(...argv);
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output, errors, code };
}

test('a person lists, shows, redrives and discards', async () => {
  const [first, second] = await station.giveUp('mended', 'hopeless');
  const [mended, hopeless] = [first?.identity ?? '', second?.identity ?? ''];
  station.failing.delete('mended');
  expect(await longwave('dlq', 'list')).toMatchObject({ code: 0, output: expect.stringContaining(mended), errors: '' });
  expect((await longwave('dlq', 'show', mended)).output).toContain('no room for mended');
  // Nobody sits at this terminal.
  expect(await longwave('dlq', 'redrive', mended)).toMatchObject({ code: 2, output: '' });
  expect(await longwave('dlq', 'redrive', mended, '--yes')).toMatchObject({
    code: 0,
    output: `${mended}  redriven\n${mended}  handled\n`,
  });
  expect(await longwave('dlq', 'discard', hopeless, '--yes')).toMatchObject({ code: 0 });
  expect(await longwave('dlq', 'list', '--json')).toMatchObject({ code: 0, output: '' });
  expect(station.handled).toEqual(['mended']);
});

test('Y4, Y5: two operators at once, one of them killed in the middle, and a third after them redrive each letter once', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `package-${index}`);
  await station.giveUp(...names);
  station.failing.clear();
  station.handled.length = 0;
  const othersBefore = station.others.length;
  const redriveAll = ['dlq', 'redrive', '--group', 'resolver', '--all', '--yes', '--wait', '0'];
  const killed = startLongwave(...redriveAll);
  const other = longwave(...redriveAll);
  killed.child.stdout.once('data', () => killed.child.kill('SIGKILL'));
  const [, { code }] = await Promise.all([killed.ended, other]);
  expect(code).toBe(0);
  expect(await longwave(...redriveAll)).toMatchObject({ code: 0 });
  await until('all are handled', async () => station.handled.length >= names.length);
  await until('all is settled', async () => {
    const { num_ack_pending: inHand, num_pending: waiting } = await station.broker.manager.consumers.info(
      'dead-letter',
      'redrive-events-resolver',
    );
    return inHand + waiting === 0;
  });
  expect(station.handled.toSorted()).toEqual(names.toSorted());
  expect(station.others.slice(othersBefore)).toEqual([]);
  expect(await longwave('dlq', 'list')).toMatchObject({ output: 'There are no dead letters.\n', errors: '' });
});

test('Y4, Y5: a nats-server that is killed in the middle costs a sentence; the same command again ends it', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `late-${index}`);
  await station.giveUp(...names);
  station.failing.clear();
  const redriveAll = ['dlq', 'redrive', '--group', 'resolver', '--all', '--yes', '--wait', '0'];
  const interrupted = startLongwave(...redriveAll);
  const errors = text(interrupted.child.stderr);
  await once(interrupted.child.stdout, 'data');
  const start = await station.broker.kill();
  interrupted.child.stdout.resume();
  expect(await interrupted.ended).toBe(1);
  expect(await errors).toContain('nothing is done twice');
  await start();
  await until('it answers again', () => station.letters().then(Boolean, () => false));
  expect(await longwave(...redriveAll)).toMatchObject({ code: 0 });
  await until('all are handled', async () => names.every((name) => station.handled.includes(name)));
  // A server that was killed may deliver once more what it had delivered; what it was given to store it was given once.
  const places = (await station.redriven()).filter(({ name }) => name.startsWith('late-')).map(({ place }) => place);
  expect(places.length).toBe(names.length);
  expect(new Set(places).size).toBe(names.length);
  expect(await longwave('dlq', 'list')).toMatchObject({ output: 'There are no dead letters.\n', errors: '' });
});
