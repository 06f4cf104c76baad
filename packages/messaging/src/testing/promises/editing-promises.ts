// What correcting a stream promises: of two who want the same one comes first, and the other is told.
import assert from 'node:assert/strict';
import { promiseIf, type BackendPromise } from '../backend-promise.ts';
import { reading } from '../reading.ts';
import { STREAM } from '../stage.ts';

export const editingPromises: readonly BackendPromise[] = [
  promiseIf(
    'editing',
    'what is published first is stored; the second is told where the first is',
    async (stage, { connect }) => {
      const editor = await connect();
      const first = await stage.during(editor.publishFirst(reading('a', 1)));
      const second = await stage.during(editor.publishFirst(reading('a', 2)));
      assert.deepEqual(first, { sequence: 1, duplicate: false });
      assert.deepEqual(second, { sequence: 1, duplicate: true });
      assert.equal((await stage.contents()).length, 1);
    },
  ),

  promiseIf('editing', 'of many who publish first at once one does', async (stage, { connect }) => {
    const editors = await Promise.all([connect(), connect(), connect()]);
    const published = editors.map((editor, value) => editor.publishFirst(reading('a', value)));
    const outcomes = await stage.during(Promise.all(published));
    assert.deepEqual(
      outcomes.map(({ sequence }) => sequence),
      [1, 1, 1],
    );
    assert.equal(outcomes.filter(({ duplicate }) => !duplicate).length, 1);
  }),

  promiseIf('editing', 'publishing first asks for the subject alone', async (stage, { connect }) => {
    const editor = await connect();
    await stage.publish('b', 2);
    assert.equal((await stage.during(editor.publishFirst(reading('a', 1)))).duplicate, false);
    assert.equal((await stage.during(editor.publishFirst(reading('b', 2)))).duplicate, true);
  }),

  promiseIf('editing', 'what was removed is not there any more, and its neighbours are', async (stage, { connect }) => {
    const editor = await connect();
    await stage.publish('a', 3);
    assert.equal(await stage.during(editor.remove(STREAM, 2)), true);
    assert.deepEqual(
      (await stage.contents()).map(({ sequence }) => sequence),
      [1, 3],
    );
  }),

  promiseIf('editing', 'removing what is not there says so: of two who remove one does', async (stage, { connect }) => {
    const editors = await Promise.all([connect(), connect()]);
    await stage.publish('a', 2);
    const removed = await stage.during(Promise.all(editors.map((editor) => editor.remove(STREAM, 1))));
    assert.equal(removed.filter(Boolean).length, 1);
    assert.equal(await stage.during(editors[0]?.remove(STREAM, 99) ?? assert.fail()), false);
  }),

  promiseIf(
    'editing',
    'a consumer says up to where everything is settled; one that is not there is null',
    async (stage, { connect }) => {
      const editor = await connect();
      await stage.addConsumer('a');
      const hands = stage.pull('a');
      await stage.publish('a', 3);
      await stage.until('all are in hand', () => hands.deliveries.length === 3);
      const settledUpTo = async (): Promise<number | undefined> => (await editor.progress(STREAM, 'a'))?.settledUpTo;
      assert.equal(await settledUpTo(), 0);
      hands.deliveries[0]?.acknowledge();
      hands.deliveries[2]?.terminate('not needed');
      await stage.until('the first is settled', async () => (await settledUpTo()) === 1);
      hands.deliveries[1]?.acknowledge();
      await stage.until('all are settled', async () => (await settledUpTo()) === 3);
      assert.equal(await editor.progress(STREAM, 'nobody'), null);
    },
  ),

  promiseIf('editing', 'a stream that is not there is an error', async (stage, { connect }) => {
    const editor = await connect();
    await assert.rejects(stage.during(editor.remove('nowhere', 1)), { code: 'no-such-stream' });
    await assert.rejects(stage.during(editor.progress('nowhere', 'a')), { code: 'no-such-stream' });
    await assert.rejects(stage.during(editor.publishFirst({ ...reading('a', 1), subject: 'nowhere' })), {
      code: 'unavailable',
    });
  }),
];
