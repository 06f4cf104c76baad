// The configurations that are sent: the whole of each, because a server takes what is left out for its default and
// thereby removes what somebody added by hand.
import type { ReportedConfig } from './server-state.ts';
import type { DurableConsumer, Stream } from './settings.ts';

export function streamConfig(stream: Stream): ReportedConfig {
  const { consumers: _, ...config } = stream;
  return config;
}

export function consumerConfig(consumer: DurableConsumer): ReportedConfig {
  const { filter_subjects: filters, ...config } = consumer;
  return { ...config, durable_name: consumer.name, ...(filters.length === 0 ? {} : { filter_subjects: filters }) };
}
