// "There is something in the outbox": said to the other replicas of a service, because one of them may hold the lane.
// It is only a hint over core NATS; when it is lost the row leaves at the next poll.
import type { Subscription } from '@nats-io/nats-core';
import { subjectTemplate } from '../contract/subject.ts';
import type { Link } from '../jetstream/link.ts';
import { sendWhenUp } from '../jetstream/send-when-up.ts';
import { subscribe } from '../jetstream/subscribe.ts';
import type { Time } from '../time.ts';

export type Nudges = {
  send(): void;
  /** Returns how to stop listening. */
  listen(onNudge: () => void): () => void;
};

/** A burst of commits is one nudge. */
const COALESCE_MS = 5;

const nudgeSubject = subjectTemplate('longwave.v1.service.{instance}.outbox.nudge');

/** Nudges among the replicas of the service instance `instance`. */
export function createNudges(link: Link, instance: string, time: Time): Nudges {
  const subject = nudgeSubject.build({ instance });
  let scheduled = false;
  return {
    send: () => {
      if (scheduled) return;
      scheduled = true;
      time.after(COALESCE_MS, () => {
        scheduled = false;
        sendWhenUp(link, subject);
      });
    },
    listen: (onNudge) => {
      let subscription: Subscription | null = null;
      const unlisten = link.listen({
        up: (connection) => {
          // nats.js repeats its subscriptions after a reconnect; a new connection needs a new one.
          if (subscription === null || subscription.isClosed())
            // The link logs a refusal; without nudges rows leave at the next poll.
            subscription = subscribe(connection, subject, onNudge, () => undefined);
        },
        down: () => undefined,
      });
      return () => {
        unlisten();
        if (subscription !== null && !subscription.isClosed()) subscription.unsubscribe();
      };
    },
  };
}
