// What settling a delivery promises: what was said first counts, and what was not said in time is as good as not handled.
import assert from 'node:assert/strict';
import { promise } from '../backend-promise.ts';
import { valueOf } from '../reading.ts';
import type { Delivery } from '../../ports.ts';
import type { Hands, Stage } from '../stage.ts';

const ACK_WAIT_MS = 1_000;
/** A broker's clock and its client's are not one. */
const TOLERANCE_MS = 50;

/** Message 0 of a consumer whose ack wait is a second, in hand; `countsOf` its deliveries so far. */
async function oneInHand(stage: Stage): Promise<{ hands: Hands; delivery: Delivery; counts: () => number[] }> {
  await stage.addConsumer('a', { ackWaitMs: ACK_WAIT_MS });
  const hands = stage.pull('a');
  await stage.publish('a', 1);
  await stage.until('it is in hand', () => hands.deliveries.length === 1);
  const [delivery = assert.fail()] = hands.deliveries;
  return { hands, delivery, counts: () => hands.deliveries.map(({ deliveryCount }) => deliveryCount) };
}

/** How many ms of the broker's clock `work` takes. */
async function duration(stage: Stage, work: () => Promise<void>): Promise<number> {
  const startedAt = stage.broker.time.now().getTime();
  await work();
  return stage.broker.time.now().getTime() - startedAt;
}

export const settlingPromises = [
  promise('what was acknowledged is not delivered again, to nobody', async (stage) => {
    const { delivery, counts } = await oneInHand(stage);
    const other = stage.pull('a', { from: stage.connect() });
    delivery.acknowledge();
    await stage.broker.pass(ACK_WAIT_MS * 2);
    assert.deepEqual(counts(), [1]);
    assert.deepEqual(other.deliveries, []);
  }),

  promise('what was terminated is not delivered again', async (stage) => {
    const { delivery, counts } = await oneInHand(stage);
    delivery.terminate('it can never be handled');
    await stage.broker.pass(ACK_WAIT_MS * 2);
    assert.deepEqual(counts(), [1]);
  }),

  promise('what was given back comes again, and says for how many times', async (stage) => {
    const { hands, delivery, counts } = await oneInHand(stage);
    delivery.giveBack(0);
    const tookMs = await duration(stage, () => stage.until('it is there', () => hands.deliveries.length === 2));
    assert.ok(tookMs < ACK_WAIT_MS, `it took ${tookMs} ms`);
    hands.deliveries[1]?.giveBack(0);
    await stage.until('it is there again', () => hands.deliveries.length === 3);
    hands.deliveries[2]?.acknowledge();
    assert.deepEqual(counts(), [1, 2, 3]);
    assert.deepEqual(
      hands.deliveries.map(({ stored }) => valueOf(stored)),
      [0, 0, 0],
    );
  }),

  promise('what was given back with a delay does not come sooner, and holds up no other', async (stage) => {
    const { hands, delivery } = await oneInHand(stage);
    delivery.giveBack(500);
    const tookMs = await duration(stage, async () => {
      await stage.publish('a', 1, 1);
      await stage.until('the other is there', () => hands.deliveries.length === 2);
      assert.equal(valueOf((hands.deliveries[1] ?? assert.fail()).stored), 1);
      await stage.until('it is there', () => hands.deliveries.length === 3);
    });
    assert.ok(tookMs >= 500 - TOLERANCE_MS, `it took ${tookMs} ms`);
  }),

  promise('what is not settled within the ack wait is delivered again, not sooner', async (stage) => {
    const { hands, counts } = await oneInHand(stage);
    const tookMs = await duration(stage, () => stage.until('it is there', () => hands.deliveries.length === 2));
    // It runs from the delivery, which a busy client notices late.
    assert.ok(tookMs >= ACK_WAIT_MS / 2, `it took ${tookMs} ms`);
    assert.deepEqual(counts(), [1, 2]);
  }),

  promise('G4: what is renewed in time stays where it is', async (stage) => {
    const { delivery, counts } = await oneInHand(stage);
    for (let renewals = 0; renewals < 10; renewals += 1) {
      await stage.broker.pass(ACK_WAIT_MS / 4);
      delivery.renew();
    }
    assert.deepEqual(counts(), [1]);
    delivery.acknowledge();
    await stage.broker.pass(ACK_WAIT_MS * 1.5);
    assert.deepEqual(counts(), [1]);
  }),

  promise('the first that is said counts', async (stage) => {
    const { delivery, counts } = await oneInHand(stage);
    delivery.acknowledge();
    delivery.giveBack(0);
    delivery.renew();
    await stage.broker.pass(ACK_WAIT_MS * 1.5);
    assert.deepEqual(counts(), [1]);
  }),

  promise('what was given back is not kept by a renewal that comes later', async (stage) => {
    const { hands, delivery } = await oneInHand(stage);
    delivery.giveBack(100);
    delivery.renew();
    const tookMs = await duration(stage, () => stage.until('it is there', () => hands.deliveries.length === 2));
    assert.ok(tookMs < ACK_WAIT_MS - TOLERANCE_MS, `it took ${tookMs} ms`);
  }),

  promise('what was delivered again is settled by whoever settles it first', async (stage) => {
    const { hands, delivery, counts } = await oneInHand(stage);
    await stage.until('it is there again', () => hands.deliveries.length === 2);
    delivery.acknowledge();
    await stage.broker.pass(ACK_WAIT_MS * 1.5);
    assert.deepEqual(counts(), [1, 2]);
  }),
];
