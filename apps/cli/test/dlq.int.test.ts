// `longwave dlq` against a real broker and a real group: what it says, what it does, how it ends.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '@longwave/embedded';
import { until } from '@longwave/embedded/testing';
import { findLetters } from '../src/dlq/find-letters.ts';
import { packageMessage, startStation, type Station } from './support/dead-letters.ts';
import { exitCodes, runCommand, type Ended } from './support/run-command.ts';

let station: Station;

beforeAll(async () => {
  station = await startStation();
});
afterAll(() => station.stop());
beforeEach(async () => {
  await station.broker.manager.streams.purge('dead-letter');
  station.failing.clear();
  station.handled.length = 0;
});

const dlq = (argv: string, options: Parameters<typeof runCommand>[2] = {}): Promise<Ended> =>
  runCommand(station.broker, ['dlq', ...argv.split(' ').filter(Boolean)], options);

const identityOf = async (name: string): Promise<string> => {
  const [letter] = await station.giveUp(name);
  return letter?.identity ?? '';
};

describe('dlq list', () => {
  test('shows the newest last, and says how to see more', async () => {
    expect(await dlq('list')).toMatchObject({ code: exitCodes.done, output: 'There are no dead letters.' });
    const [first, second] = [await identityOf('one'), await identityOf('two')];
    const { code, output } = await dlq('list');
    const lines = output.split('\n');
    expect(code).toBe(exitCodes.done);
    expect(lines[0]).toMatch(/^IDENTITY +FAILED +CAUSE +ATTEMPTS +REDRIVES +TYPE +WHY$/);
    expect(lines[1]).toMatch(new RegExp(`^${first} .* rejected +1 +0 +PackageCreated +no room for one$`));
    expect(lines[2]).toMatch(new RegExp(`^${second} .* no room for two$`));
    expect(output).toMatch(/2 dead letters\. longwave dlq show/);
  });

  test('filters, limits, and cuts nothing but the last column', async () => {
    await station.giveUp('one', 'two');
    expect((await dlq('list --group nobody')).output).toBe('There are no dead letters of group nobody.');
    expect((await dlq('list --stream events --group resolver --type PackageCreated')).output).toMatch(/2 dead letters/);
    expect((await dlq('list --type longwave.PackageUpdated.v1')).output).toBe(
      'There are no dead letters of type longwave.PackageUpdated.v1.',
    );
    const { output } = await dlq('list --limit 1', { columns: 80 });
    expect(output).toMatch(/The newest 1 of 2 dead letters/);
    expect(output).toMatch(/no room for…$/m);
    expect((await dlq('list --limit 0')).output).toMatch(/The newest 0 of 2 dead letters/);
  });

  test('--json is one object a line, which a program can read', async () => {
    const [letter] = await station.giveUp('one');
    const { output } = await dlq('list --json');
    expect(JSON.parse(output)).toMatchObject({
      identity: letter?.identity,
      group: 'resolver',
      cause: 'rejected',
      reason: 'no room for one',
      attempts: 1,
      redrives: 0,
      type: 'longwave.PackageCreated.v1',
      messageId: letter?.messageId,
      correlationId: 'c-one',
      lastFailedAt: letter?.lastFailedAt.toISOString(),
    });
  });

  test('nothing that a stranger wrote acts on a terminal', async () => {
    await station.broker.publish({
      ...packageMessage('bad'),
      headers: { 'ce-id': 'x%1B[2J%0Ay', 'ce-type': 'a.\u001B]0;owned\u0007.v1' },
      payload: new TextEncoder().encode('\u001B[31mno JSON'),
    });
    const letter = await until('it is given up', async () => (await station.letters())[0]);
    const outputs = [await dlq('list'), await dlq(`show ${letter.identity}`), await dlq('list --json')];
    for (const { output } of outputs) expect(output).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });
});

describe('dlq show', () => {
  test('says everything: why, where, when, headers, payload, stack', async () => {
    const [letter] = await station.giveUp('one');
    const { code, output } = await dlq(`show ${letter?.identity}`);
    expect(code).toBe(exitCodes.done);
    for (const said of [
      letter?.identity,
      'no room for one',
      letter?.messageId,
      letter?.subject,
      `sequence ${letter?.sequence}`,
      'c-one',
      'ce-source: /steering/steering-1',
      '"packageId"',
      'Reject: no room for one',
    ])
      expect(output).toContain(said);
  });

  test('--json has the payload as JSON, or in base64 when it is none', async () => {
    const [letter] = await station.giveUp('one');
    expect(JSON.parse((await dlq(`show ${letter?.identity} --json`)).output)).toMatchObject({
      payload: { version: 1, data: { packageId: { name: 'one' } } },
      headers: { 'ce-id': letter?.messageId },
      stack: expect.stringContaining('Reject'),
    });
    await station.broker.publish({ ...packageMessage('bad'), payload: Uint8Array.of(0xff, 0x00) });
    const junk = await until('it is given up', async () => (await station.letters())[1]);
    expect(JSON.parse((await dlq(`show ${junk.identity} --json`)).output)).toMatchObject({ payloadBase64: '/wA=' });
    expect((await dlq(`show ${junk.identity}`)).output).toContain('no JSON; in base64: /wA=');
  });
});

describe('dlq redrive', () => {
  test('Y1: gives a letter back to the group that failed, to no other, and says what became of it', async () => {
    const identity = await identityOf('one');
    station.failing.clear();
    const othersBefore = station.others.length;
    const { code, output } = await dlq(`redrive ${identity} --yes`);
    expect(output.split('\n')).toEqual([`${identity}  redriven`, `${identity}  handled`]);
    expect(code).toBe(exitCodes.done);
    expect(station.handled).toEqual(['one']);
    expect(station.others.slice(othersBefore)).toEqual([]);
    expect((await dlq('list')).output).toBe('There are no dead letters.');
  });

  test('of a group the oldest first, and with --all the others', async () => {
    await station.giveUp('a', 'b', 'c');
    station.failing.clear();
    expect((await dlq('redrive --group resolver --yes')).code).toBe(exitCodes.done);
    expect(station.handled).toEqual(['a']);
    expect((await dlq('redrive --group resolver --all --yes')).code).toBe(exitCodes.done);
    expect(station.handled.toSorted()).toEqual(['a', 'b', 'c']);
    expect(await dlq('redrive --group resolver --all --yes')).toMatchObject({
      code: exitCodes.done,
      output: 'There is nothing to redrive.',
    });
  });

  test('Y6: what is dead again is told, ends with 1, and has the same identity', async () => {
    const identity = await identityOf('one');
    const { code, output } = await dlq(`redrive ${identity} --yes`);
    expect(output).toContain(`${identity}  dead again: rejected: no room for one`);
    expect(code).toBe(exitCodes.failed);
    const { output: listed } = await dlq('list');
    expect(listed).toMatch(new RegExp(`${identity} .* rejected +1 +1 +PackageCreated`));
  });

  test('Y7: --dry-run does nothing, and says what speaks against it', async () => {
    const identity = await identityOf('one');
    station.failing.clear();
    await station.broker.publish(packageMessage('one'));
    const { code, output, errors } = await dlq(`redrive ${identity} --dry-run`);
    expect({ code, output }).toEqual({ code: exitCodes.done, output: '1 would be redriven.' });
    expect(errors).toMatch(/BUT package\/default\/one\/1\.0\.0 has gone on \(events \d+\): .* stale/);
    expect(await station.letters()).toHaveLength(1);
  });

  test('asks whoever is there; does nothing when nobody is, or says no', async () => {
    const identity = await identityOf('one');
    station.failing.clear();
    expect(await dlq(`redrive ${identity}`)).toMatchObject({
      code: exitCodes.usage,
      errors: expect.stringContaining('say --yes'),
    });
    expect(await dlq(`redrive ${identity}`, { answer: '' })).toMatchObject({
      code: exitCodes.failed,
      errors: expect.stringContaining('Nothing was done.'),
    });
    expect(await station.letters()).toHaveLength(1);
    expect(await dlq(`redrive ${identity}`, { answer: 'y' })).toMatchObject({ code: exitCodes.done });
    expect(station.handled).toEqual(['one']);
  });

  test('reads the letters once, however many are named', async () => {
    const letters = await station.giveUp('one', 'two', 'three');
    const { backend } = station.broker;
    let reads = 0;
    const bounds: typeof backend.reader.bounds = (stream) => {
      reads += 1;
      return backend.reader.bounds(stream);
    };
    const named = letters.map(({ identity }) => identity).toReversed();
    const found = await findLetters({ ...backend, reader: { ...backend.reader, bounds } }, named);
    expect(found.map(({ identity }) => identity)).toEqual(named);
    expect(reads).toBe(1);
  });

  test('does nothing when one of the named is not there', async () => {
    const identity = await identityOf('one');
    station.failing.clear();
    const { code, errors } = await dlq(`redrive ${identity} events:1:1:resolver --yes`);
    expect({ code, errors }).toEqual({
      code: exitCodes.failed,
      errors: expect.stringMatching(/no dead letter events:1:1:resolver.*Nothing was done/),
    });
    expect(await station.letters()).toHaveLength(1);
  });

  test('Y7: refuses when nobody would ever take it', async () => {
    const [letter] = await station.giveUp('one');
    const nobody = { ...packageMessage('x'), subject: 'dead-letter.events.nobody' };
    await station.broker.publish({
      ...nobody,
      headers: { 'ce-id': 'events:1:1:nobody', 'lw-original-subject': letter?.subject ?? '' },
    });
    const { code, errors } = await dlq('redrive events:1:1:nobody --yes');
    expect({ code, errors }).toEqual({
      code: exitCodes.failed,
      errors: expect.stringMatching(/events\/nobody takes nothing back.*streams -- apply/),
    });
  });

  test('Y3: a redrive that was interrupted shows in the list, and is ended by doing it again', async () => {
    const identity = await identityOf('one');
    station.failing.clear();
    const [letter] = await station.letters();
    const stored = await station.broker.backend.reader.at('dead-letter', letter?.positions[0] ?? 0);
    await dlq(`redrive ${identity} --yes`);
    // As if the first command had died before it removed the letter.
    const { subject = '', headers: { 'Nats-Msg-Id': _, ...headers } = {}, payload = new Uint8Array() } = stored ?? {};
    await station.broker.publish({ id: 'again', key: '', subject, headers, payload });
    const listed = await dlq('list');
    expect(listed).toMatchObject({
      output: 'There are no dead letters.',
      errors: expect.stringContaining(`${identity} was redriven or discarded, and whoever did it was interrupted`),
    });
    expect((await dlq(`redrive ${identity} --yes`)).output).toContain('was redriven before; the letter is removed now');
    expect(await dlq('list')).toMatchObject({ errors: '' });
    expect(station.handled).toEqual(['one']);
  });
});

describe('dlq discard', () => {
  test('takes a letter away for good, after asking', async () => {
    const identity = await identityOf('one');
    expect((await dlq(`discard ${identity}`)).code).toBe(exitCodes.usage);
    expect(await dlq(`discard ${identity} --yes`)).toMatchObject({
      code: exitCodes.done,
      output: `${identity}  discarded`,
    });
    expect((await dlq('list')).output).toBe('There are no dead letters.');
    expect((await dlq(`discard ${identity} --yes`)).code).toBe(exitCodes.failed);
  });
});

describe('whatever is wrong', () => {
  test.each([
    ['list events:1:1:g', exitCodes.usage, /dlq show/],
    ['list --limit many', exitCodes.usage, /--limit is a number/],
    ['list --group resolv*r', exitCodes.usage, /--group: "resolv\*r" is not a name/],
    ['list --stream a.b', exitCodes.usage, /--stream: "a\.b" is not a name/],
    ['redrive --group a/b --all', exitCodes.usage, /--group: "a\/b" is not a name/],
    ['list --colour', exitCodes.usage, /Unknown option.*\n.*--help/],
    ['show', exitCodes.usage, /Name one dead letter/],
    ['show a b', exitCodes.usage, /Name one dead letter/],
    ['show nonsense', exitCodes.usage, /"nonsense" is no dead letter: <stream>/],
    ['redrive', exitCodes.usage, /Name the dead letters, or a group/],
    ['redrive events:1:1:g --group g', exitCodes.usage, /not both/],
    ['redrive events:1:1:g --all', exitCodes.usage, /--all is for a group/],
    ['redrive --stream events', exitCodes.usage, /Name the dead letters, or a group/],
    ['discard', exitCodes.usage, /Name the dead letters/],
    ['undo', exitCodes.usage, /no "dlq undo"/],
    ['', exitCodes.usage, /Say what to do/],
    ['show events:1:1:g', exitCodes.failed, /There is no dead letter events:1:1:g/],
  ])('"dlq %s" ends with %d and says what to do', async (argv, code, complaint) => {
    expect(await dlq(argv)).toMatchObject({ code, output: '', errors: expect.stringMatching(complaint) });
  });

  test('no nats-server, or one without streams: a sentence that says what to do', async () => {
    const nowhere = { settings: { ...station.broker.settings, NATS_PORT: String(await freePort()) } };
    expect(await runCommand(nowhere, ['dlq', 'list'])).toMatchObject({
      code: exitCodes.failed,
      errors: expect.stringMatching(/No nats-server answers at .*NATS_HOST/),
    });
    const nonsense = { settings: { ...station.broker.settings, NATS_PORT: 'x' } };
    expect(await runCommand(nonsense, ['dlq', 'list'])).toMatchObject({ code: exitCodes.config });
  });

  test('a Kafka beside the nats-server is refused: nobody is to correct the dead letters of the other broker', async () => {
    const settings = { ...station.broker.settings, KAFKA_HOST: 'kafka' };
    const { code, errors } = await runCommand({ settings }, ['dlq', 'list']);
    expect(code).toBe(exitCodes.config);
    expect(errors).toContain('KAFKA_HOST');
  });

  test('--help teaches, wherever it is said', async () => {
    for (const argv of [
      ['dlq', '--help'],
      ['dlq', 'redrive', '--help'],
    ])
      expect(await runCommand(station.broker, argv)).toMatchObject({
        code: exitCodes.done,
        output: expect.stringContaining('What a redrive does'),
      });
    expect((await runCommand(station.broker, ['--help'])).output).toContain('longwave dlq');
    expect((await runCommand(station.broker, [])).code).toBe(exitCodes.usage);
    expect((await runCommand(station.broker, ['dql'])).errors).toContain('There is no "dql"');
  });
});
