// The command line against a real server: what it prints and how it ends.
import { expect, test } from '@jest/globals';
import { freePort } from '@longwave/embedded';
import { exitCodes, runStreamsCommand, usage } from '../src/streams-command.ts';
import { emptyServer } from './support/empty-server.ts';

const DAY = 86_400_000_000_000;

const server = emptyServer();

async function run(argv: string, environment: NodeJS.ProcessEnv = {}, withinMs = 10_000) {
  const output: string[] = [];
  const errors: string[] = [];
  const code = await runStreamsCommand(argv.split(' ').filter(Boolean), {
    environment: { NATS_HOST: server().nats.host, NATS_PORT: String(server().nats.port), ...environment },
    print: (line) => output.push(line),
    complain: (line) => errors.push(line),
    withinMs,
  });
  return { code, output, errors: errors.join('\n') };
}

test('plan, apply, drift: nothing there, all there, nothing to do', async () => {
  const planned = await run('plan');
  expect(planned).toMatchObject({ code: exitCodes.done, output: expect.arrayContaining(['create stream events']) });
  const before = await run('drift');
  expect(before).toMatchObject({
    code: exitCodes.drift,
    output: expect.arrayContaining(['events/resolver: expected to be there, actual missing']),
  });
  expect(await run('apply')).toMatchObject({ code: exitCodes.done, output: planned.output });
  expect(await run('apply')).toMatchObject({ code: exitCodes.done, output: ['nothing to do'] });
  expect(await run('plan')).toMatchObject({ code: exitCodes.done, output: ['nothing to do'] });
  expect(await run('drift')).toMatchObject({ code: exitCodes.done, output: ['no drift'] });
});

test('drift says where: a setting, a consumer, a subject', async () => {
  await run('apply');
  await server().manager.streams.update('program', { max_age: DAY, subjects: ['program.>', 'extra.>'] });
  await server().manager.consumers.update('events', 'resolver', { ack_wait: 60_000_000_000 });
  await server().manager.consumers.delete('resource', 'audit-log');
  expect(await run('drift')).toMatchObject({
    code: exitCodes.drift,
    output: [
      'program/max_age: expected 7d, actual 1d',
      'program/subjects: expected ["program.>"], actual ["extra.>","program.>"]',
      'events/resolver/ack_wait: expected 2s, actual 1m',
      'resource/audit-log: expected to be there, actual missing',
    ],
  });
});

test('drift names what is in the way, and that alone is no drift', async () => {
  await run('apply');
  await server().manager.streams.add({ name: 'EVENTS', subjects: ['shouted.>'] });
  await server().manager.consumers.add('queue', { durable_name: 'theirs', ack_policy: 'explicit' });
  expect(await run('drift')).toMatchObject({
    code: exitCodes.done,
    output: [
      'unmanaged: stream EVENTS is easily taken for events',
      'unmanaged: consumer theirs of queue takes messages out of it',
      'no drift',
    ],
  });
});

test('plan tells what would be lost, apply refuses it, apply --allow-loss does it', async () => {
  await run('apply');
  await server().manager.streams.update('events', { max_age: 90 * DAY });
  expect(await run('plan')).toMatchObject({
    code: exitCodes.done,
    output: ['update stream events: max_age 90d → 30d', '  LOSES messages beyond the new limit'],
  });
  expect(await run('apply')).toMatchObject({
    code: exitCodes.wouldLose,
    output: [],
    errors: expect.stringMatching(/Nothing was changed[^]*stream events: messages beyond/),
  });
  expect(await run('apply --allow-loss')).toMatchObject({ code: exitCodes.done });
  expect(await run('drift')).toMatchObject({ code: exitCodes.done });
});

test('sizes come from the environment', async () => {
  await run('apply', { STREAM_BYTES_MAX: 'events=1000000, program=2000000' });
  const sizes = [];
  for (const name of ['events', 'program', 'resource']) {
    sizes.push((await server().manager.streams.info(name)).config.max_bytes);
  }
  expect(sizes).toEqual([1_000_000, 2_000_000, -1]);
});

test('no server: a sentence and an exit code of its own', async () => {
  const ended = await run('plan', { NATS_PORT: String(await freePort()) }, 300);
  expect(ended).toMatchObject({ code: exitCodes.unreachable, errors: expect.stringContaining('NATS_HOST') });
});

test.each([
  ['', exitCodes.usage, /say what to do/],
  ['aply', exitCodes.usage, /there is no "aply"[^]*--help/],
  ['apply drift', exitCodes.usage, /one command at a time/],
  ['plan --allow-loss', exitCodes.usage, /is for apply/],
  ['apply --allow-los', exitCodes.usage, /Unknown option/],
])('"%s" ends with %d', async (argv, code, complaint) => {
  expect(await run(argv)).toMatchObject({ code, errors: expect.stringMatching(complaint) });
});

test.each([
  ['STREAM_REPLICAS', '2', exitCodes.config],
  ['STREAM_REPLICAS', 'three', exitCodes.config],
  ['STREAM_REPLICAS', '3', exitCodes.failed],
  ['STREAM_BYTES_MAX', 'evnts=1', exitCodes.config],
  ['NATS_PORT', '99999', exitCodes.config],
])('%s=%s ends with %d', async (name, value, code) => {
  const ended = await run('apply', { [name]: value });
  expect(ended).toMatchObject({ code, errors: expect.stringMatching(/\S/) });
});

test('--help teaches, whatever else is wrong', async () => {
  expect(await run('--help', { NATS_PORT: 'x' })).toMatchObject({ code: exitCodes.done, output: [usage] });
});
