// What reading by position promises, to browsers that resume and to rebuilds.
import assert from 'node:assert/strict';
import { promise, promiseIf } from '../backend-promise.ts';
import { subjectOf, valueOf } from '../reading.ts';
import { STREAM, type Stage } from '../stage.ts';
import type { StoredMessage } from '../../contract/decode.ts';
import type { NewestRange } from '../../ports.ts';

const positionsOf = (messages: readonly StoredMessage[]): number[] => messages.map(({ sequence }) => sequence);

/** All pages; of now, and however many, unless said. */
async function newest(stage: Stage, range: Partial<NewestRange>, stream = STREAM): Promise<readonly StoredMessage[]> {
  const whole = { upTo: Number.MAX_SAFE_INTEGER, subjectsMax: 10_000, ...range };
  const messages: StoredMessage[] = [];
  for await (const page of stage.backend.reader.lastPerSubject(stream, whole)) messages.push(...page);
  return messages;
}

export const readingPromises = [
  promise('a stream that holds nothing has its first position above its last', async (stage) => {
    const empty = await stage.backend.reader.bounds(STREAM);
    assert.deepEqual(empty, { stream: STREAM, epoch: empty.epoch, first: 1, last: 0 });
    await stage.publish('a', 3);
    assert.deepEqual(await stage.backend.reader.bounds(STREAM), { ...empty, last: 3 });
  }),

  promiseIf(
    'removal',
    'positions go on where they were when a stream was emptied',
    async (stage, { remove, purge }) => {
      const { reader } = stage.backend;
      await stage.publish('a', 3);
      await remove(STREAM, 1);
      assert.equal((await reader.bounds(STREAM)).first, 2);
      await purge(STREAM);
      const { first, last } = await reader.bounds(STREAM);
      assert.deepEqual({ first, last }, { first: 4, last: 3 });
      assert.equal((await stage.publish('a', 1))[0]?.sequence, 4);
    },
  ),

  promise('a stream that is not there is said to be not there, whatever is asked of it', async (stage) => {
    const { reader } = stage.backend;
    const missing = { name: 'StreamUnavailableError', code: 'no-such-stream' };
    await assert.rejects(reader.bounds('nope'), missing);
    await assert.rejects(reader.at('nope', 1), missing);
    await assert.rejects(newest(stage, { filters: ['>'] }, 'nope'), missing);
    await assert.rejects(reader.sequenceAt('nope', new Date()), missing);
    await assert.rejects(stage.replay({ from: 1, to: 2 }, 'nope'), missing);
  }),

  promise('no stream has a name that none can have', async (stage) => {
    const { reader } = stage.backend;
    for (const name of ['a.b', '*', '>', 'a\r\nb', ''])
      await assert.rejects(reader.bounds(name), { name: 'StreamUnavailableError', code: 'no-such-stream' });
  }),

  promise('nothing lies at a position that none can be', async (stage) => {
    await stage.publish('a', 1);
    for (const position of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.equal(await stage.backend.reader.at(STREAM, position), null);
  }),

  promise('a filter that is none is refused, and gives not nothing without a word', async (stage) => {
    await stage.publish('a', 1);
    const illegal = { name: 'SubjectError', code: 'illegal-filter' };
    for (const filter of ['a b', 'a..b', '>.a', '']) {
      await assert.rejects(stage.replay({ from: 1, to: 1, filters: [filter] }), illegal);
      await assert.rejects(newest(stage, { filters: [filter] }), illegal);
    }
    for (const batch of [0, -1, 1.5, Number.NaN])
      await assert.rejects(stage.replay({ from: 1, to: 1, batch }), RangeError);
  }),

  promise('at is the message of a position, and null where there is none', async (stage) => {
    await stage.publish('a', 2);
    const { reader } = stage.backend;
    assert.equal(valueOf((await reader.at(STREAM, 2)) ?? assert.fail()), 1);
    assert.equal(await reader.at(STREAM, 3), null);
  }),

  promise('one message is the same however it is read', async (stage) => {
    const tail = stage.follow(1);
    await stage.publish('a', 1);
    await stage.until('it is followed', () => tail.seen.length === 1);
    const [followed] = tail.seen;
    const [[replayed] = []] = await stage.replay({ from: 1, to: 1 });
    const [last] = await newest(stage, { filters: [subjectOf('a')] });
    await stage.addConsumer('a');
    const { deliveries } = stage.pull('a');
    await stage.until('it is delivered', () => deliveries.length === 1);
    for (const one of [followed, replayed, last, deliveries[0]?.stored])
      assert.deepEqual({ ...one }, { ...(await stage.backend.reader.at(STREAM, 1)) });
  }),

  promise('a replay is its range, both ends included, in order and in batches', async (stage) => {
    await stage.publish('a', 20);
    const batches = await stage.replay({ from: 3, to: 17, batch: 4 });
    assert.deepEqual(
      positionsOf(batches.flat()),
      Array.from({ length: 15 }, (_, index) => index + 3),
    );
    assert.ok(batches.every(({ length }) => length > 0 && length <= 4));
    assert.ok(batches.length > 1);
  }),

  promise('a replay ends where the stream does, and one of nothing gives nothing', async (stage) => {
    await stage.publish('a', 3);
    assert.deepEqual(positionsOf((await stage.replay({ from: 2, to: 1_000 })).flat()), [2, 3]);
    assert.deepEqual(await stage.replay({ from: 4, to: 9 }), []);
    assert.deepEqual(await stage.replay({ from: 3, to: 2 }), []);
  }),

  promise('a replay gives what at least one of its filters lets through', async (stage) => {
    for (const meter of ['a', 'b', 'c', 'a', 'b']) await stage.publish(meter, 1);
    const filtered = async (...filters: string[]): Promise<number[]> =>
      positionsOf((await stage.replay({ from: 1, to: 5, filters, batch: 2 })).flat());
    assert.deepEqual(await filtered(subjectOf('b')), [2, 5]);
    assert.deepEqual(await filtered(subjectOf('a'), subjectOf('c')), [1, 3, 4]);
    assert.deepEqual(await filtered('conformance.meter.*.read'), [1, 2, 3, 4, 5]);
    assert.deepEqual(await filtered('conformance.other.>'), []);
  }),

  promiseIf('removal', 'what the stream does not hold any more is skipped', async (stage, { remove }) => {
    await stage.publish('a', 5);
    await remove(STREAM, 3);
    assert.equal(await stage.backend.reader.at(STREAM, 3), null);
    assert.deepEqual(positionsOf((await stage.replay({ from: 1, to: 5, batch: 2 })).flat()), [1, 2, 4, 5]);
  }),

  promise('R2: a replay that is aborted, before or between batches, ends without an error', async (stage) => {
    await stage.publish('a', 6);
    assert.deepEqual(await stage.replay({ from: 1, to: 6 }, STREAM, AbortSignal.abort()), []);
    const aborting = new AbortController();
    const seen: number[] = [];
    for await (const batch of stage.backend.reader.replay(STREAM, { from: 1, to: 6, batch: 2 }, aborting.signal)) {
      seen.push(...positionsOf(batch));
      aborting.abort();
    }
    assert.deepEqual(seen, [1, 2]);
  }),

  promise('lastPerSubject is the newest message of every subject under one of the filters', async (stage) => {
    await stage.publish('a', 3);
    await stage.publish('b', 2, 10);
    const found = await newest(stage, { filters: ['conformance.meter.*.read'] });
    assert.deepEqual(
      new Map(found.map((one) => [one.subject, valueOf(one)])),
      new Map([
        [subjectOf('a'), 2],
        [subjectOf('b'), 11],
      ]),
    );
    const both = await newest(stage, { filters: [subjectOf('b'), subjectOf('a')] });
    assert.deepEqual(positionsOf(both), positionsOf(found));
    assert.deepEqual(positionsOf(await newest(stage, {})), positionsOf(found));
    assert.deepEqual(await newest(stage, { filters: ['conformance.other.>'] }), []);
  }),

  promise('lastPerSubject is of the moment that is asked for, and goes on after a subject', async (stage) => {
    for (const [meter, value] of [['b', 1], ['c', 2], ['a', 3], ['b', 4]] as const)
      await stage.publish(meter, 1, value); // prettier-ignore
    const valuesOf = async (range: Partial<NewestRange>): Promise<readonly number[]> =>
      (await newest(stage, range)).map(valueOf);
    assert.deepEqual(await valuesOf({}), [3, 4, 2]);
    assert.deepEqual(await valuesOf({ upTo: 3 }), [3, 1, 2]);
    assert.deepEqual(await valuesOf({ upTo: 3, after: subjectOf('a') }), [1, 2]);
    assert.deepEqual(await valuesOf({ upTo: 3, after: subjectOf('c') }), []);
    assert.deepEqual(await valuesOf({ upTo: 0 }), []);
  }),

  promise(
    'lastPerSubject of more subjects than are wanted is refused, and of thousands is all of them',
    async (stage) => {
      const meters = Array.from({ length: 2_100 }, (_, index) => `m${String(index).padStart(4, '0')}`);
      await Promise.all(meters.map((meter) => stage.publish(meter, 1)));
      assert.deepEqual(
        (await newest(stage, {})).map(({ subject }) => subject),
        meters.map(subjectOf),
      );
      const error = { name: 'TooManySubjectsError', code: 'too-many-subjects' };
      await assert.rejects(newest(stage, { subjectsMax: 2_099 }), error);
      await assert.rejects(newest(stage, { subjectsMax: 1, filters: meters.slice(0, 2).map(subjectOf) }), error);
    },
  ),

  promise(
    'sequenceAt is the first message at or after a time, however far off, and one past the end when there is none',
    async (stage) => {
      const { reader } = stage.backend;
      for (let value = 0; value < 3; value += 1) {
        await stage.publish('a', 1, value);
        await stage.broker.pass(20);
      }
      const second = (await reader.at(STREAM, 2)) ?? assert.fail();
      assert.equal(await reader.sequenceAt(STREAM, new Date(0)), 1);
      assert.equal(await reader.sequenceAt(STREAM, second.storedAt), 2);
      assert.equal(await reader.sequenceAt(STREAM, new Date(second.storedAt.getTime() + 1)), 3);
      assert.equal(await reader.sequenceAt(STREAM, new Date(second.storedAt.getTime() + 3_600_000)), 4);
      for (const longAgo of ['-000001-12-31T00:00:00Z', '0001-01-01T00:00:00Z', '1600-01-01T00:00:00Z'])
        assert.equal(await reader.sequenceAt(STREAM, new Date(longAgo)), 1, longAgo);
      for (const farAhead of ['2262-04-12T00:00:00Z', '2300-01-01T00:00:00Z', '+010000-01-01T00:00:00Z'])
        assert.equal(await reader.sequenceAt(STREAM, new Date(farAhead)), 4, farAhead);
    },
  ),
];
