// What becomes of a message that cannot be handled, on any back-end: it is kept, and its key goes on.
import assert from 'node:assert/strict';
import { Reject } from '../../errors.ts';
import { promise } from '../backend-promise.ts';
import { subjectOf, valueOf } from '../reading.ts';

export const deadLetterPromises = [
  promise(
    'G1: what is rejected is a dead letter at once, with its bytes, its cause and where it lay',
    async (stage) => {
      const handled: number[] = [];
      await stage.addConsumer('reject');
      stage.consume('reject', async (value) => {
        handled.push(value);
        if (value === 1) throw new Reject('this meter was never installed');
      });
      await stage.publish('reject', 3);
      await stage.until('all are handled', () => handled.length === 3);
      const [letter = assert.fail(), ...others] = await stage.contents('dead-letter');
      assert.deepEqual(others, []);
      assert.deepEqual(handled, [0, 1, 2]);
      assert.equal(valueOf(letter), 1);
      assert.equal(letter.headers['lw-cause'], 'rejected');
      assert.equal(letter.headers['lw-attempts'], '1');
      assert.equal(letter.headers['lw-original-subject'], subjectOf('reject'));
      assert.equal(letter.headers['lw-original-sequence'], '2');
    },
  ),

  promise('G1: what fails every time is a dead letter after its attempts, and its key goes on', async (stage) => {
    const attempts: number[] = [];
    await stage.addConsumer('exhaust');
    stage.consume('exhaust', async (value) => {
      attempts.push(value);
      if (value === 0) throw new Error('always');
    });
    await stage.publish('exhaust', 2);
    await stage.until('the next is handled', () => attempts.includes(1));
    assert.deepEqual(attempts, [0, 0, 0, 1]);
    const [letter = assert.fail()] = await stage.contents('dead-letter');
    assert.equal(letter.headers['lw-cause'], 'attempts-exhausted');
    assert.equal(letter.headers['lw-attempts'], '3');
  }),

  promise('G5: what cannot be read is a dead letter with its own bytes, and the others flow', async (stage) => {
    const handled: number[] = [];
    await stage.addConsumer('junk');
    stage.consume('junk', async (value) => void handled.push(value));
    await stage.publishRaw(subjectOf('junk'), 'no JSON');
    await stage.publish('junk', 1);
    await stage.until('the other is handled', () => handled.length === 1);
    await stage.until('the letter is there', async () => (await stage.contents('dead-letter')).length === 1);
    const [letter = assert.fail()] = await stage.contents('dead-letter');
    assert.equal(letter.headers['lw-cause'], 'not-json');
    assert.equal(new TextDecoder().decode(letter.payload), 'no JSON');
  }),
];
