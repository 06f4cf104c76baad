// A publisher that imitates a process which dies at the worst moment: the broker has stored the message, and nobody is
// left to hear of it. Everything else goes to the real broker.
import { PublishError, type Publisher } from '@longwave/messaging';

/** Publishes truly, then fails as if the answer had been lost, for the first `losses` messages. */
export function losingAcknowledgements(real: Publisher, losses: number): Publisher & { readonly lost: () => number } {
  let lost = 0;
  return {
    lost: () => lost,
    lastIdOn: (subject) => real.lastIdOn(subject),
    publish: async (message, options) => {
      const stored = await real.publish(message, options);
      if (lost >= losses) return stored;
      lost += 1;
      throw new PublishError('unknown', message.id, 'the acknowledgement was lost');
    },
  };
}
