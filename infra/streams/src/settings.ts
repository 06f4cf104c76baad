// What can be said of a stream and of a durable consumer, in JetStream's own words, so that whoever knows
// `nats stream info` can read the topology and every message about it. Each setting is always said: a default that a
// server changes in its next release must not change ours.
import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';

type StreamSetting =
  | 'retention'
  | 'storage'
  | 'discard'
  | 'max_age'
  | 'max_bytes'
  | 'max_msgs'
  | 'max_msgs_per_subject'
  | 'max_msg_size'
  | 'max_consumers'
  | 'duplicate_window'
  | 'num_replicas'
  | 'allow_direct'
  | 'allow_rollup_hdrs'
  | 'deny_delete'
  | 'deny_purge'
  | 'allow_msg_ttl'
  | 'persist_mode';

type ConsumerSetting =
  | 'ack_policy'
  | 'ack_wait'
  | 'deliver_policy'
  | 'replay_policy'
  | 'max_deliver'
  | 'max_ack_pending'
  | 'max_waiting'
  | 'inactive_threshold';

/** Times are nanoseconds, sizes bytes, and -1 is "no limit", as on the wire. */
export type StreamSettings = Readonly<Required<Pick<StreamConfig, StreamSetting>>>;
export type ConsumerSettings = Readonly<Required<Pick<ConsumerConfig, ConsumerSetting>>>;

export type DurableConsumer = ConsumerSettings & {
  readonly name: string;
  /** What of the stream it gets; empty: everything. */
  readonly filter_subjects: readonly string[];
};

export type Stream = StreamSettings & {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly consumers: readonly DurableConsumer[];
};

export type Topology = { readonly streams: readonly Stream[] };
