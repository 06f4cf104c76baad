// What is shown to anybody of why nothing is pulled: never the text of an error.
import { expect, test } from '@jest/globals';
import { JetStreamApiError } from '@nats-io/jetstream';
import { interruptionOf } from './interruption.ts';

const group = { stream: 'events', consumer: 'totals' };
const refusal = (code: number): JetStreamApiError =>
  new JetStreamApiError({ code: 404, err_code: code, description: 'secret' });

test.each([
  [refusal(10_059), 'there is no stream events'],
  [refusal(10_014), 'there is no consumer totals on events'],
  [refusal(10_008), 'nats-server refuses it (error 10008)'],
  [new TypeError('connect ECONNREFUSED 10.0.0.7:4222'), 'nats-server does not answer as it should (TypeError)'],
  ['10.0.0.7', 'nats-server does not answer as it should (_OTHER)'],
])('%s is shown as what is known of it', (error, shown) => {
  expect(interruptionOf(error, group)).toBe(shown);
});
