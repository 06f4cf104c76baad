// What is redriven to a group, as deliveries of the messages that had failed: from here on nobody tells them from others,
// but a dead letter that is made of one says that it was one before.
//
// Y1  only what was redriven to this group is taken, from a durable consumer of its own.
import { isDiscardNote } from '../dead-letters/discard-note.ts';
import { redriveConsumer, DEAD_LETTER_STREAM } from '../dead-letters/redrive-names.ts';
import { readRedriven, type Redriven } from '../dead-letters/redriven-message.ts';
import type { Log } from '../log.ts';
import type { Delivery, DurableConsumers, Pull, PullState } from '../ports.ts';

/** They are few, and an operator looks on: what matters is that they never take the places of many others. */
const PREFETCH = 8;

/** Throws SubjectError when the names of stream and group are too long to name a consumer together. */
export function pullRedriven(
  consumers: DurableConsumers,
  group: { readonly stream: string; readonly consumer: string; readonly log: Log },
  listener: {
    readonly onRedriven: (delivery: Delivery, redriven: Redriven) => void;
    readonly onState: (state: PullState) => void;
  },
): Pull {
  const { stream, consumer, log } = group;
  return consumers.pull(DEAD_LETTER_STREAM, redriveConsumer(stream, consumer), {
    prefetch: PREFETCH,
    onState: listener.onState,
    onDelivery: (delivery) => {
      // Its place was taken by a discard: there is nothing to do.
      if (isDiscardNote(delivery.stored)) return delivery.acknowledge();
      const redriven = readRedriven(delivery.stored);
      if (redriven !== null && redriven.stored.stream === stream) {
        log.info({ ...placeFields(redriven), subject: redriven.stored.subject }, 'message was redriven');
        return listener.onRedriven(deliveryOf(delivery, redriven), redriven);
      }
      // It stays in the stream of dead letters, where a stranger has put it.
      log.error(
        { subject: delivery.stored.subject, sequence: delivery.stored.sequence },
        'this is no redriven message',
      );
      delivery.terminate('it is no redriven message');
    },
  });
}

function deliveryOf(delivery: Delivery, { stored }: Redriven): Delivery {
  return {
    stored, // (Y2)
    deliveryCount: delivery.deliveryCount,
    acknowledge: () => delivery.acknowledge(),
    giveBack: (delayMs) => delivery.giveBack(delayMs),
    terminate: (reason) => delivery.terminate(reason),
    renew: () => delivery.renew(),
  };
}

function placeFields({ stored, redrive }: Redriven) {
  return { stream: stored.stream, sequence: stored.sequence, redrive };
}
