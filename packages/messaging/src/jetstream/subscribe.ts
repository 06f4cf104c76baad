// Subscribing so that nothing a receiver does can hurt the connection: nats.js reads no further, and so loses the
// connection, when a callback throws; and it calls a callback with an empty object when the server refuses the
// subscription.
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';

/**
 * `onFailure`: the server refuses the subscription, which is over then, or `onMessage` has thrown. `queue` must be a
 * checked name.
 */
export function subscribe(
  connection: NatsConnection,
  subject: string,
  onMessage: (message: Msg) => void,
  onFailure: (error: unknown) => void,
  queue?: string,
): Subscription {
  return connection.subscribe(subject, {
    ...(queue === undefined ? {} : { queue }),
    callback: (refusal, message) => {
      if (refusal !== null) return onFailure(refusal);
      try {
        onMessage(message);
      } catch (error) {
        onFailure(error);
      }
    },
  });
}
