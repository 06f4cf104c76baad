// A back-end that tells an observer what goes out and what comes in. It decorates the ports, so that no back-end knows
// of observers, and a service that has none runs the same code as before.
import type { ExclusiveBackend } from '../consume/pull-group.ts';
import type { Backend, DurableConsumers, ExclusiveConsumers, Publisher, PullOptions } from '../ports.ts';
import type { Observer } from './observer.ts';
import { secondsSince } from './seconds-since.ts';

/** `backend`, observed; it is still the one to close. Its own properties are kept, whatever it has beyond the ports. */
export function observeBackend<Observed extends Backend | ExclusiveBackend>(
  backend: Observed,
  observer: Observer,
): Observed {
  return {
    ...backend,
    publisher: observePublisher(backend.publisher, observer),
    consumers: observeConsumers(backend.consumers, observer),
    ...('exclusive' in backend && { exclusive: observeExclusive(backend.exclusive, observer) }),
  };
}

function observePublisher(publisher: Publisher, observer: Observer): Publisher {
  let pending = 0;
  observer.watchPublishes(() => pending);
  return {
    publish: async (message, options) => {
      const startedMs = performance.now();
      let failure: unknown;
      pending += 1;
      try {
        return await publisher.publish(message, options);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        pending -= 1;
        observer.sent(message, secondsSince(startedMs), failure);
      }
    },
    lastIdOn: (subject) => publisher.lastIdOn(subject),
  };
}

function observeConsumers(consumers: DurableConsumers, observer: Observer): DurableConsumers {
  return {
    pull: (stream, consumer, options) => consumers.pull(stream, consumer, observe(stream, consumer, options, observer)),
  };
}

function observeExclusive(consumers: ExclusiveConsumers, observer: Observer): ExclusiveConsumers {
  return {
    pull: (stream, consumer, options) => consumers.pull(stream, consumer, observe(stream, consumer, options, observer)),
  };
}

function observe(stream: string, consumer: string, options: PullOptions, observer: Observer): PullOptions {
  const group = { stream, consumer };
  return {
    ...options,
    onDelivery: (delivery) => {
      observer.received(group, delivery.stored, delivery.deliveryCount > 1);
      options.onDelivery(delivery);
    },
  };
}
