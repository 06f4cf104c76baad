// What an observer hears, as metrics of prom-client. Names and labels are those of the OpenTelemetry semantic conventions
// for messaging (still in development: only this folder knows them), and ours for what these have no word for. Labels are templates of subjects, groups and names of errors: never subjects, ids or texts.
import { Counter, Histogram, type Registry } from 'prom-client';
import { deadLetterCauses } from '../consume/dead-letter.ts';
import type { MessageType } from '../contract/message-type.ts';
import { destinationTemplates } from '../observe/destination-templates.ts';
import { errorTypeOf } from '../observe/error-type.ts';
import type { ObservedGroup, Observer } from '../observe/observer.ts';
import { registerGauges } from './gauges.ts';
import { groupLabels, type GroupLabel } from './group-labels.ts';

/** Those the conventions advise for `messaging.*.duration`. */
const durationBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** A message may wait for a handler that fails, or for a service that is down. */
const lagBucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600];

type SendLabel = 'messaging_system' | 'messaging_operation_name' | 'messaging_destination_template' | 'error_type';
const sendLabels: readonly SendLabel[] = [
  'messaging_system',
  'messaging_operation_name',
  'messaging_destination_template',
  'error_type',
];
const ofGroup: readonly GroupLabel[] = ['messaging_stream', 'messaging_consumer_group_name'];

/**
 * Registers the metrics in `registry`, for one back-end and one relay: prom-client throws at a second one. `types`: those
 * whose templates may be labels; others are `_OTHER`.
 */
export function prometheusObserver(registry: Registry, types: readonly MessageType[]): Observer {
  const templateOf = destinationTemplates(types);
  const metrics = registerMetrics(registry);
  const gauges = registerGauges(registry);
  return {
    sent: (message, durationSeconds, error) => {
      const labels = {
        ...operation('publish'),
        messaging_destination_template: templateOf(message),
        ...failure(error),
      };
      metrics.operationDuration.observe(labels, durationSeconds);
      metrics.sent.inc(labels);
    },
    received: (group, message, isRedelivered) => {
      const labels = { messaging_destination_template: templateOf(message), ...groupLabels(group) };
      metrics.consumed.inc({ ...operation('receive'), ...labels });
      if (isRedelivered) metrics.redelivered.inc(groupLabels(group));
      // By the server's clock and ours; of a message that comes again it would be the time of the first try as well.
      else metrics.lag.observe(groupLabels(group), Math.max(0, (Date.now() - message.storedAt.getTime()) / 1_000));
    },
    processed: ({ group, message, outcome, durationSeconds, error }) => {
      const template = message === null ? {} : { messaging_destination_template: templateOf(message) };
      const labels = { ...operation('process'), ...template, ...groupLabels(group), outcome, ...failure(error) };
      metrics.processDuration.observe(labels, durationSeconds);
    },
    buried: (group, cause) => metrics.deadLetters.inc({ ...groupLabels(group), cause }),
    relayed: (rows) => metrics.relayed.inc(rows),
    watchPublishes: gauges.watchPublishes,
    watchGroup: (group, inHand) => {
      startAtZero(metrics, group);
      gauges.watchGroup(group, inHand);
    },
    watchOutbox: gauges.watchOutbox,
  };
}

function operation(name: 'publish' | 'receive' | 'process') {
  return { messaging_system: 'nats', messaging_operation_name: name };
}

function failure(error: unknown): { error_type?: string } {
  return error === undefined ? {} : { error_type: errorTypeOf(error) };
}

type MessagingMetrics = ReturnType<typeof registerMetrics>;

/** An alert on an increase does not see the first of what was never there. */
function startAtZero({ redelivered, deadLetters }: MessagingMetrics, group: ObservedGroup): void {
  redelivered.inc(groupLabels(group), 0);
  for (const cause of deadLetterCauses) deadLetters.inc({ ...groupLabels(group), cause }, 0);
}

function registerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    operationDuration: new Histogram({
      name: 'messaging_client_operation_duration_seconds',
      help: 'Time from a publish to the acknowledgement of the broker, or to the failure',
      labelNames: sendLabels,
      buckets: durationBucketsSeconds,
      registers,
    }),
    sent: new Counter({
      name: 'messaging_client_sent_messages_total',
      help: 'Messages that were to be published, by how it ended; each try of the outbox counts',
      labelNames: sendLabels,
      registers,
    }),
    consumed: new Counter({
      name: 'messaging_client_consumed_messages_total',
      help: 'Messages that arrived, those that came again included',
      labelNames: ['messaging_system', 'messaging_operation_name', 'messaging_destination_template', ...ofGroup],
      registers,
    }),
    processDuration: new Histogram({
      name: 'messaging_process_duration_seconds',
      help: 'Time that a handler took, for a message or for a batch, by outcome',
      labelNames: [...sendLabels, ...ofGroup, 'outcome'],
      buckets: durationBucketsSeconds,
      registers,
    }),
    lag: new Histogram({
      name: 'messaging_consumer_lag_seconds',
      help: 'Time from the storing of a message by the broker to its first arrival',
      labelNames: ofGroup,
      buckets: lagBucketsSeconds,
      registers,
    }),
    redelivered: new Counter({
      name: 'messaging_redelivered_messages_total',
      help: 'Messages that arrived again: given back, or not settled in time',
      labelNames: ofGroup,
      registers,
    }),
    deadLetters: new Counter({
      name: 'messaging_dead_letters_total',
      help: 'Messages that became dead letters, by cause',
      labelNames: [...ofGroup, 'cause'],
      registers,
    }),
    relayed: new Counter({
      name: 'messaging_outbox_relayed_rows_total',
      help: 'Rows that left the outbox, their messages stored by the broker',
      registers,
    }),
  };
}
