// What pulling from a durable consumer promises: who gets what, how much of it, in which order, and when no more.
import assert from 'node:assert/strict';
import { promise, promiseIf } from '../backend-promise.ts';
import { subjectOf, valueOf } from '../reading.ts';
import { STREAM, type Hands } from '../stage.ts';

const valuesOf = ({ deliveries }: Hands): number[] => deliveries.map(({ stored }) => valueOf(stored));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, value) => value);

export const pullingPromises = [
  promise('a consumer gets what its filter lets through, old and new, in order, for the first time', async (stage) => {
    await stage.addConsumer('a');
    await stage.publish('a', 5);
    await stage.publish('b', 5);
    const hands = stage.pull('a');
    await stage.until('the old ones are delivered', () => hands.deliveries.length === 5);
    await stage.publish('a', 5, 5);
    await stage.until('the new ones are, too', () => hands.deliveries.length === 10);
    assert.deepEqual(valuesOf(hands), upTo(10));
    assert.ok(hands.deliveries.every(({ deliveryCount }) => deliveryCount === 1));
  }),

  promise('U1: no more than prefetch messages are in hand, and each that is settled makes a place', async (stage) => {
    await stage.addConsumer('a');
    await stage.publish('a', 10);
    const hands = stage.pull('a', { prefetch: 3 });
    for (let settled = 0; settled < 10; settled += 1) {
      await stage.until('there is another', () => hands.deliveries.length > settled);
      await stage.broker.pass(20);
      assert.ok(hands.deliveries.length - settled <= 3, `${hands.deliveries.length - settled} are in hand`);
      hands.deliveries[settled]?.acknowledge();
    }
    assert.deepEqual(valuesOf(hands), upTo(10));
  }),

  promise('U1: a message that is settled twice makes one place', async (stage) => {
    await stage.addConsumer('a');
    await stage.publish('a', 4);
    const hands = stage.pull('a', { prefetch: 1 });
    await stage.until('one is in hand', () => hands.deliveries.length === 1);
    hands.deliveries[0]?.acknowledge();
    hands.deliveries[0]?.acknowledge();
    hands.deliveries[0]?.giveBack(0);
    await stage.until('the next is in hand', () => hands.deliveries.length === 2);
    await stage.broker.pass(200);
    assert.deepEqual(valuesOf(hands), [0, 1]);
  }),

  promise('U8: a name that no stream or consumer can have is refused at once', async (stage) => {
    for (const name of ['a%2Eb', 'a.b', 'a b', 'a\r\nPING', 'a\0', '*', '>', '', 'a'.repeat(65)]) {
      assert.throws(() => stage.pull(name), { name: 'SubjectError', code: 'illegal-name' }, JSON.stringify(name));
    }
  }),

  promise(
    'U9: no more than prefetchBytes and one message are in hand, and what is larger comes, too',
    async (stage) => {
      await stage.addConsumer('large');
      const sizes = [2_000, 2_000, 2_000, 2_000, 30_000, 2_000, 100, 100];
      for (const size of sizes) await stage.publishRaw(subjectOf('large'), 'x'.repeat(size));
      const hands = stage.pull('large', { prefetchBytes: 10_000 });
      const bytesOf = (from: number): number =>
        hands.deliveries.slice(from).reduce((sum, { stored }) => sum + stored.payload.byteLength, 0);
      for (let settled = 0; settled < sizes.length; settled += 1) {
        await stage.until('there is another', () => hands.deliveries.length > settled);
        await stage.broker.pass(20);
        const last = hands.deliveries.at(-1)?.stored.payload.byteLength ?? 0;
        assert.ok(bytesOf(settled) - last <= 10_000, `${bytesOf(settled)} bytes are in hand`);
        hands.deliveries[settled]?.acknowledge();
      }
      assert.deepEqual(
        hands.deliveries.map(({ stored }) => stored.payload.byteLength),
        sizes,
      );
    },
  ),

  promise('two who pull share the messages, and neither is left out', async (stage) => {
    await stage.addConsumer('a');
    const pullers = [stage.pull('a', { prefetch: 2 }), stage.pull('a', { prefetch: 2, from: stage.connect() })];
    await stage.until('both pull', () => pullers.every(({ states }) => states.length > 0));
    await stage.publish('a', 12);
    await stage.until('both have their hands full', () => pullers.every(({ deliveries }) => deliveries.length === 2));
    const all = (): number[] => pullers.flatMap(valuesOf);
    await stage.until('all are delivered', () => {
      for (const { deliveries } of pullers) for (const delivery of deliveries) delivery.acknowledge();
      return all().length >= 12;
    });
    assert.deepEqual(
      all().toSorted((a, b) => a - b),
      upTo(12),
    );
  }),

  promise('two consumers of one stream each get everything', async (stage) => {
    for (const name of ['one', 'other']) await stage.addConsumer(name, { filter: 'conformance.>' });
    const pullers = [stage.pull('one'), stage.pull('other')];
    await stage.publish('a', 5);
    await stage.until('both have all', () => pullers.every(({ deliveries }) => deliveries.length === 5));
    for (const hands of pullers) assert.deepEqual(valuesOf(hands), upTo(5));
  }),

  promise('U3: after a stop nothing is delivered; the rest is at once there for another', async (stage) => {
    await stage.addConsumer('a');
    await stage.publish('a', 6);
    const first = stage.pull('a', { prefetch: 2 });
    await stage.until('its hands are full', () => first.deliveries.length === 2);
    await first.stop();
    for (const delivery of first.deliveries) delivery.acknowledge();
    const second = stage.pull('a', { from: stage.connect() });
    await stage.until('another has the rest', () => second.deliveries.length === 4);
    await first.stop();
    assert.deepEqual([...valuesOf(first), ...valuesOf(second)], upTo(6));
  }),

  promise('U3: what was in hand at a stop can still be settled, and is not delivered again', async (stage) => {
    await stage.addConsumer('a', { ackWaitMs: 1_000 });
    await stage.publish('a', 2);
    const first = stage.pull('a', { prefetch: 2 });
    await stage.until('both are in hand', () => first.deliveries.length === 2);
    await first.stop();
    for (const delivery of first.deliveries) delivery.acknowledge();
    const second = stage.pull('a', { from: stage.connect() });
    await stage.broker.pass(1_500);
    assert.deepEqual(valuesOf(second), []);
  }),

  promise('U7: a receiver that throws gets its message again, and the others meanwhile', async (stage) => {
    await stage.addConsumer('a');
    const hands = stage.pull('a', {
      onDelivery: (delivery) => {
        if (delivery.deliveryCount === 1 && valueOf(delivery.stored) === 0) throw new Error('a receiver of the suite');
        delivery.acknowledge();
      },
    });
    await stage.publish('a', 3);
    await stage.until('it is delivered again', () => hands.deliveries.length === 4);
    assert.deepEqual(valuesOf(hands), [0, 1, 2, 0]);
    assert.deepEqual(
      hands.states.map(({ state }) => state),
      ['pulling'],
    );
  }),

  promise('what was in the hands of one who died comes to another', async (stage) => {
    await stage.addConsumer('a', { ackWaitMs: 1_000 });
    await stage.publish('a', 3);
    const mortal = stage.connect();
    const first = stage.pull('a', { from: mortal });
    await stage.until('all are in hand', () => first.deliveries.length === 3);
    await stage.during(mortal.close());
    const second = stage.pull('a');
    await stage.until('all are delivered again', () => second.deliveries.length === 3);
    assert.deepEqual(valuesOf(second), upTo(3));
    assert.ok(second.deliveries.every(({ deliveryCount }) => deliveryCount > 1));
  }),

  promise('that it pulls is told, with the ack wait of the consumer', async (stage) => {
    await stage.addConsumer('a', { ackWaitMs: 7_000 });
    const { states } = stage.pull('a');
    await stage.until('it pulls', () => states.length > 0);
    assert.deepEqual(states, [{ state: 'pulling', ackWaitMs: 7_000 }]);
  }),

  promise('U2: a consumer that is not there yet is told of, and waited for', async (stage) => {
    const hands = stage.pull('late');
    await stage.until('that it is missing is told', () => hands.states.at(-1)?.state === 'interrupted');
    await stage.addConsumer('late');
    await stage.publish('late', 1);
    await stage.until('its message is delivered', () => hands.deliveries.length === 1);
    assert.equal(hands.states.at(-1)?.state, 'pulling');
  }),

  promiseIf(
    'recreation',
    'U2: a consumer that vanishes is told of, and used again once it is back',
    async (stage, ability) => {
      await stage.addConsumer('a');
      const hands = stage.pull('a');
      await stage.until('it pulls', () => hands.states.at(-1)?.state === 'pulling');
      await ability.removeConsumer(STREAM, 'a');
      await stage.until('that it is gone is told', () => hands.states.at(-1)?.state === 'interrupted');
      await stage.addConsumer('a');
      await stage.publish('a', 1);
      await stage.until('its message is delivered', () => hands.deliveries.length === 1);
    },
  ),

  promiseIf('recreation', 'U6: what comes out of a recreated stream has its epoch', async (stage, ability) => {
    await stage.addConsumer('a');
    const hands = stage.pull('a');
    await stage.publish('a', 1);
    await stage.until('it is delivered', () => hands.deliveries.length === 1);
    hands.deliveries[0]?.acknowledge();
    await ability.removeStream(STREAM);
    await stage.broker.addStream(STREAM, ['conformance.>']);
    await stage.addConsumer('a');
    await stage.publish('a', 1);
    await stage.until('the new one is delivered', () => hands.deliveries.length === 2);
    const { epoch } = await stage.backend.reader.bounds(STREAM);
    assert.equal(hands.deliveries[1]?.stored.epoch, epoch);
    assert.notEqual(hands.deliveries[0]?.stored.epoch, epoch);
  }),
];
