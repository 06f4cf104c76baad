// What every publisher promises: stored means stored, once an id, and a clear end for what cannot be.
import assert from 'node:assert/strict';
import { promise, promiseIf } from '../backend-promise.ts';
import { reading, subjectOf } from '../reading.ts';
import { STREAM } from '../stage.ts';

export const publishingPromises = [
  promise('P1: a publish that resolves is stored, where it says, as it was sent', async (stage) => {
    const message = reading('a', 7);
    const stored = await stage.during(stage.backend.publisher.publish(message));
    assert.deepEqual(stored, { stream: STREAM, sequence: 1, duplicate: false });
    const found = await stage.backend.reader.at(STREAM, 1);
    assert.equal(found?.subject, message.subject);
    assert.deepEqual(found.headers, message.headers);
    assert.deepEqual(new Uint8Array(found.payload), new Uint8Array(message.payload));
  }),

  promise('messages are stored in the order in which they were published, awaited or not', async (stage) => {
    const messages = Array.from({ length: 50 }, (_, value) => reading('a', value));
    const stored = await stage.during(Promise.all(messages.map((one) => stage.backend.publisher.publish(one))));
    assert.deepEqual(
      stored.map(({ sequence }) => sequence),
      messages.map((_, index) => index + 1),
    );
  }),

  promise('M1: what the caller hands over is not touched', async (stage) => {
    const { publisher } = stage.backend;
    const { headers, ...message } = reading('a', 1);
    const before = { ...headers };
    await stage.during(publisher.publish({ ...message, headers: Object.freeze(headers) }));
    assert.deepEqual(headers, before);
  }),

  promiseIf(
    'deduplication',
    'P2: what is published again under its id is stored once, whoever sends it',
    async (stage, { windowMs }) => {
      const message = reading('a', 1);
      const first = await stage.during(stage.backend.publisher.publish(message));
      await stage.broker.pass(windowMs / 2);
      const again = await stage.during(stage.connect().publisher.publish(message));
      assert.deepEqual(again, { ...first, duplicate: true });
      assert.equal((await stage.contents()).length, 1);
    },
  ),

  promise('two messages with two ids are two, however alike they are', async (stage) => {
    const [one, other] = [reading('a', 1, 'id-1', new Date(0)), reading('a', 1, 'id-2', new Date(0))];
    await stage.during(stage.backend.publisher.publish(one));
    const stored = await stage.during(stage.backend.publisher.publish(other));
    assert.deepEqual(stored, { stream: STREAM, sequence: 2, duplicate: false });
  }),

  promise('a message that is too large, with its headers, is refused, and costs no other anything', async (stage) => {
    const { publisher } = stage.backend;
    await stage.during(publisher.publish(reading('a', 0)));
    const huge = { ...reading('a', 1), payload: new Uint8Array(stage.broker.payloadBytesMax + 1) };
    await assert.rejects(stage.during(publisher.publish(huge)), { name: 'PublishError', code: 'refused' });
    const { headers, ...rest } = reading('a', 1);
    const talkative = { ...rest, headers: { ...headers, 'ce-actor': 'x'.repeat(stage.broker.payloadBytesMax) } };
    await assert.rejects(stage.during(publisher.publish(talkative)), { name: 'PublishError', code: 'refused' });
    assert.equal((await stage.during(publisher.publish(reading('a', 2)))).sequence, 2);
  }),

  promise('a message that no stream takes is not stored, and that is said when its deadline is over', async (stage) => {
    const nowhere = { ...reading('a', 1), subject: 'conformance-nowhere.a' };
    const publishing = stage.during(stage.backend.publisher.publish(nowhere, { deadlineMs: 600 }));
    await assert.rejects(publishing, { name: 'PublishError', code: 'unavailable', messageId: nowhere.id });
  }),

  promise('P5: a deadline that is no number is refused, and not waited for', async (stage) => {
    const nowhere = { ...reading('a', 1), subject: 'conformance-nowhere.b' };
    const publishing = stage.during(stage.backend.publisher.publish(nowhere, { deadlineMs: Number.NaN }));
    await assert.rejects(publishing, RangeError);
  }),

  promise('a stream that comes before the deadline is over gets what waited for it', async (stage) => {
    const message = { ...reading('a', 1), subject: 'conformance-later.a' };
    const publishing = stage.backend.publisher.publish(message, { deadlineMs: 8_000 });
    await stage.broker.pass(100);
    await stage.broker.addStream('conformance-later', ['conformance-later.>']);
    assert.equal((await stage.during(publishing)).stream, 'conformance-later');
  }),

  promise('lastIdOn is the id of the newest message of a subject, and null when there is none', async (stage) => {
    const { publisher } = stage.backend;
    const newest = reading('a', 2);
    for (const message of [reading('a', 1), newest, reading('b', 3)]) await stage.during(publisher.publish(message));
    assert.equal(await publisher.lastIdOn(subjectOf('a')), newest.id);
    assert.equal(await publisher.lastIdOn(subjectOf('nobody')), null);
    assert.equal(await publisher.lastIdOn('conformance-nowhere.a'), null);
  }),

  promiseIf(
    'removal',
    'lastIdOn knows nothing of what the stream does not keep any more',
    async (stage, { remove, purge }) => {
      const { publisher } = stage.backend;
      const kept = reading('a', 1);
      for (const message of [kept, reading('a', 2)]) await stage.during(publisher.publish(message));
      await remove(STREAM, 2);
      assert.equal(await publisher.lastIdOn(subjectOf('a')), kept.id);
      await purge(STREAM);
      assert.equal(await publisher.lastIdOn(subjectOf('a')), null);
    },
  ),
];
