// What waits at this moment: read when Prometheus asks. What nobody watches has no value, and neither has an outbox whose
// database does not answer: the last number known would look as if all was well.
import { Gauge, type Registry } from 'prom-client';
import type { InHand, ObservedGroup, Observer, OutboxBacklog } from '../observe/observer.ts';
import { groupLabels, type GroupLabel } from './group-labels.ts';

const labelNames: readonly GroupLabel[] = ['messaging_stream', 'messaging_consumer_group_name'];

type Watches = Pick<Observer, 'watchPublishes' | 'watchGroup' | 'watchOutbox'>;

export function registerGauges(registry: Registry): Watches {
  /** By their names: a consumption that is started again takes the place of the one before. */
  const groups = new Map<string, { readonly group: ObservedGroup; readonly inHand: () => InHand }>();
  const registerOfGroups = (name: string, help: string, read: (inHand: InHand) => number): void => {
    const gauge: Gauge<GroupLabel> = new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        for (const { group, inHand } of groups.values()) gauge.set(groupLabels(group), read(inHand()));
      },
    });
  };
  registerOfGroups('messaging_held_messages', 'Messages in hand, not settled yet', ({ messages }) => messages);
  registerOfGroups('messaging_paused_keys', 'Keys that wait for a message that failed', ({ pausedKeys }) => pausedKeys);
  return {
    watchGroup: (group, inHand) => void groups.set(`${group.stream}/${group.consumer}`, { group, inHand }),
    watchPublishes: (pending) => {
      const name = 'messaging_pending_publishes';
      const help = 'Publishes that wait for the acknowledgement of the broker';
      const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(pending()) });
    },
    watchOutbox: (backlog) => registerOutbox(registry, backlog),
  };
}

/** Two gauges of one query: both ask, and those who ask at once share it. */
function registerOutbox(registry: Registry, backlog: () => Promise<OutboxBacklog | null>): void {
  const register = (name: string, help: string, read: (backlog: OutboxBacklog) => number): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: async () => {
        const found = await backlog();
        if (found === null) gauge.remove();
        else gauge.set(read(found));
      },
    });
  };
  register('messaging_outbox_rows', 'Messages that wait in the outbox, counted up to 10,000', ({ rows }) => rows);
  const ageHelp = 'Age of the message that has waited longest in the outbox; 0 when it is empty';
  register('messaging_outbox_oldest_age_seconds', ageHelp, ({ oldestAgeSeconds }) => oldestAgeSeconds);
}
