// What live messages promise: whoever is there gets them, as they were sent; who is not there is told of.
import assert from 'node:assert/strict';
import type { LiveArrival, LiveMessage, LiveMessages } from '../../ports.ts';
import { promiseIf, type BackendPromise } from '../backend-promise.ts';
import type { Stage } from '../stage.ts';

const message = (subject: string, text: string): LiveMessage => ({
  subject,
  headers: { 'x-suite': text },
  payload: new TextEncoder().encode(text),
});

const textOf = ({ payload }: LiveArrival): string => new TextDecoder().decode(payload);

/** Nothing that was sent or subscribed before is on its way any more. */
const arrive = async (stage: Stage, ...all: readonly LiveMessages[]): Promise<void> => {
  for (const live of all) assert.equal(await stage.during(live.roundTrip(5_000)), true);
};

export const livePromises: readonly BackendPromise[] = [
  promiseIf(
    'live',
    'everybody who listens gets a message as it was sent, and nobody else',
    async (stage, { connect }) => {
      const [sender, receiver] = [await connect(), await connect()];
      const arrivals: LiveArrival[] = [];
      const others: LiveArrival[] = [];
      const subscriptions = [1, 2].map(() => receiver.subscribe('live.*.a', null, (one) => arrivals.push(one)));
      subscriptions.push(receiver.subscribe('live.other', null, (one) => others.push(one)));
      await arrive(stage, receiver);
      assert.equal(sender.send({ ...message('live.x.a', 'hello'), replyTo: 'live.reply' }), true);
      await stage.until('both have it', () => arrivals.length === 2);
      for (const { subject, headers, payload, replyTo, nobodyListens } of arrivals) {
        assert.deepEqual(
          { subject, replyTo, nobodyListens },
          { subject: 'live.x.a', replyTo: 'live.reply', nobodyListens: false },
        );
        assert.equal(headers['x-suite'], 'hello');
        assert.equal(new TextDecoder().decode(payload), 'hello');
      }
      await stage.during(Promise.all(subscriptions.map((subscription) => subscription.stop())));
      assert.deepEqual(others, []);
    },
  ),

  promiseIf('live', 'of a group one gets each message', async (stage, { connect }) => {
    const [sender, one, other] = [await connect(), await connect(), await connect()];
    const got: string[] = [];
    const subscriptions = [one, other].map((live) => live.subscribe('live.a', 'group', (m) => got.push(textOf(m))));
    await arrive(stage, one, other);
    const texts = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, '0'));
    for (const text of texts) sender.send(message('live.a', text));
    await arrive(stage, sender, one, other);
    await stage.until('all have arrived', () => got.length >= 20);
    assert.deepEqual(got.toSorted(), texts);
    await stage.during(Promise.all(subscriptions.map((subscription) => subscription.stop())));
  }),

  promiseIf('live', 'who asks where nobody listens is told so', async (stage, { connect }) => {
    const live = await connect();
    const answers: LiveArrival[] = [];
    const subscription = live.subscribe('live.answer', null, (one) => answers.push(one));
    await arrive(stage, live);
    live.send({ ...message('live.nobody', 'hello?'), replyTo: 'live.answer' });
    await stage.until('that is answered', () => answers.length === 1);
    assert.equal(answers[0]?.nobodyListens, true);
    await stage.during(subscription.stop());
  }),

  promiseIf(
    'live',
    'after a stop nothing arrives; a receiver that throws gets the next',
    async (stage, { connect }) => {
      const live = await connect();
      const got: string[] = [];
      const subscription = live.subscribe('live.a', null, (one) => {
        got.push(textOf(one));
        throw new Error('a receiver of the suite');
      });
      await arrive(stage, live);
      for (const text of ['1', '2']) live.send(message('live.a', text));
      await stage.until('both have arrived', () => got.length === 2);
      await stage.during(subscription.stop());
      live.send(message('live.a', '3'));
      await arrive(stage, live);
      assert.deepEqual(got, ['1', '2']);
    },
  ),

  promiseIf('live', 'what can never be sent or subscribed to is said at once', async (stage, { connect }) => {
    const live = await connect();
    await arrive(stage, live);
    assert.throws(() => live.subscribe('live..a', null, () => undefined), { name: 'SubjectError' });
    assert.throws(() => live.subscribe('live.a', 'a group', () => undefined), { name: 'SubjectError' });
    const huge = { ...message('live.a', ''), payload: new Uint8Array(stage.broker.payloadBytesMax + 1) };
    assert.throws(() => live.send(huge), TypeError);
  }),
];
