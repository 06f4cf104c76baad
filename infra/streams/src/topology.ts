// The streams of Longwave and every durable consumer, as data. Subjects and names come from the contracts; here is how
// long, how safely and for whom messages are kept, and why. `plan`, `apply` and `drift` read nothing else.
import { PackageCreated, PackageUpdated, streamNames, streamSubjects, type StreamName } from '@longwave/contracts';
import { PAYLOAD_BYTES_MAX, type MessageType } from '@longwave/messaging/contract';
import { redriveConsumer, redriveFilter } from '@longwave/messaging/dead-letters';
import { consumingStream } from '@longwave/messaging/jetstream';
import { checkTopology } from './check-topology.ts';
import type { ConsumerSettings, DurableConsumer, Stream, StreamSettings, Topology } from './settings.ts';

/** What differs between an embedded server and a cluster. */
export type TopologySize = {
  /** 1, or 3 in a cluster of three: it then loses any one node without losing a message (R6). */
  readonly replicas?: number;
  /** Bytes a stream may take on each replica's disk; a stream that is not named may take all there is. */
  readonly bytesMax?: Partial<Readonly<Record<StreamName, number>>>;
};

const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;
const KIB = 1_024;

const FOR_EVER = 0;
const UNLIMITED = -1;

/** Names, subjects and the size aside, this is what every stream is. */
const everyStream = {
  retention: 'limits',
  // Memory forgets at every restart, and an accepted change must not be forgotten. (R1)
  storage: 'file',
  // A full stream refuses. A refused message waits in an outbox and somebody is alarmed; the old ones that would have
  // to go instead may be ones a consumer has not seen, and nobody would notice. Without max_bytes it is the server's
  // disk that is full, and then the server refuses too.
  discard: 'new',
  max_age: FOR_EVER,
  max_bytes: UNLIMITED,
  // Messages differ in size by a factor of a thousand, so their number bounds nothing worth bounding.
  max_msgs: UNLIMITED,
  // A browser resumes by position: a message taken from the middle is a hole that no gap can announce.
  max_msgs_per_subject: UNLIMITED,
  // What a stream takes must fit into a dead letter, which carries the original's headers twice as long and an error.
  max_msg_size: PAYLOAD_BYTES_MAX + 64 * KIB,
  // Browsers need none of their own (the SSE proxy reads once for all), but tools and tests come and go.
  max_consumers: UNLIMITED,
  // Covers the retries of one publish. What is sent again later (a relay after a take-over, a device back from
  // a tunnel) is recognised by the inbox, which never forgets; a longer window costs memory for every id.
  duplicate_window: 120 * SECOND,
  num_replicas: 1,
  // Reading by position goes to any replica without bothering the leader. It may be stale, never wrong.
  allow_direct: true,
  // A rollup header would let any publisher erase a subject's history with one message.
  allow_rollup_hdrs: false,
  // Deleting a message or purging would be a quiet edit of what the audit log and browsers read. It cannot be switched
  // off again on a stream that has it, and that is the point.
  deny_delete: true,
  deny_purge: true,
  // Nor may a publisher decide that its message goes early.
  allow_msg_ttl: false,
  // `async` acknowledges before the disk has it, and switches `sync_interval: always` off for its stream. (R1)
  persist_mode: 'default',
} as const satisfies StreamSettings;

const everyConsumer = {
  // One message at a time: batches of `all` would acknowledge a neighbour that failed.
  ack_policy: 'explicit',
  // How long the messages of a replica that died stay with it. Live ones renew three times in it, however long a
  // handler takes; a replica that was paused for longer does some messages twice, which the inbox takes back.
  ack_wait: 10 * SECOND,
  // A service that is added later learns everything the stream still holds.
  deliver_policy: 'all',
  replay_policy: 'instant',
  // The server's count is no count of attempts: give-backs and crashes of neighbours raise it too, and a message that
  // has used it up just stays where it is, unseen. Attempts are counted, and dead letters made, by the consumer.
  max_deliver: -1,
  max_ack_pending: 1_000,
  max_waiting: 512,
  // Never: a consumer that is removed while its service is down forgets how far it had come.
  inactive_threshold: 0,
} as const satisfies ConsumerSettings;

/**
 * Every entry of the log matters alone, expired messages too, so it gets all of a stream. Bulk: some replicas, each
 * with two batches of 500 in hand.
 */
const auditLog: DurableConsumer = { ...everyConsumer, name: 'audit-log', filter_subjects: [], max_ack_pending: 10_000 };

/** Handlers of 16 messages at once with 4 for each in hand are 64 a replica; the rest is for keys that wait to retry. */
const resolver: DurableConsumer = {
  ...everyConsumer,
  name: 'resolver',
  filter_subjects: filtersOf([PackageCreated, PackageUpdated]),
  // An ordered group: whoever takes it over begins when what the one before had in hand has come back. (ADR 0025)
  ack_wait: 2 * SECOND,
};

/**
 * What is redriven to a group, which takes it from here and from nowhere else. Every group that makes dead letters has
 * one; those that handle batches make none.
 */
function redrivesOf(stream: StreamName, group: DurableConsumer): DurableConsumer {
  const name = redriveConsumer(stream, group.name);
  return { ...everyConsumer, name, filter_subjects: [redriveFilter(stream, group.name)] };
}

type StreamDefinition = Partial<StreamSettings> & { readonly consumers: readonly DurableConsumer[] };

const definitions: { readonly [Name in StreamName]: StreamDefinition } = {
  // A month: longer than any service, cache or colleague is away.
  resource: { max_age: 30 * DAY, consumers: [auditLog] },
  // The program of last week interests nobody but the audit log, which has it by then.
  program: { max_age: 7 * DAY, consumers: [auditLog] },
  events: { max_age: 30 * DAY, consumers: [resolver, auditLog] },
  notification: { max_age: 7 * DAY, consumers: [auditLog] },
  // Each message belongs to exactly one consumer and goes when that is done with it, so nothing may expire first.
  // An operator must be able to take out a piece of work that is wrong.
  queue: { retention: 'workqueue', deny_delete: false, deny_purge: false, consumers: [] },
  'dead-letter': {
    // Long enough to find, mend and redrive after a holiday.
    max_age: 90 * DAY,
    // The default `max_payload` of nats-server: more could not arrive.
    max_msg_size: 1_024 * KIB,
    // Redriven and discarded letters are deleted. What was redriven stays as long as a letter would: while it is there
    // the stream refuses to take it again.
    deny_delete: false,
    deny_purge: false,
    consumers: [auditLog, redrivesOf('events', resolver)],
  },
};

/**
 * What consumers know beyond the death of their process: who has the lease of an ordered group, what has killed its
 * handler. The messaging package would make it when it is missing; that it is there before means that no service needs
 * the permission. Nothing in it is a message of anybody, so what is oldest may go.
 */
const consuming: Stream = {
  ...everyStream,
  ...consumingStream,
  discard: 'old',
  max_msg_size: UNLIMITED,
  deny_delete: false,
  deny_purge: false,
  consumers: [],
};

/** The topology of Longwave. Throws TopologyError when the sizes make no sense. */
export function longwaveTopology({ replicas = 1, bytesMax = {} }: TopologySize = {}): Topology {
  const streams = streamNames.map((name): Stream => ({
    ...everyStream,
    ...definitions[name],
    name,
    subjects: [streamSubjects[name]],
    max_bytes: bytesMax[name] ?? UNLIMITED,
    num_replicas: replicas,
  }));
  return checkTopology({ streams: [...streams, { ...consuming, num_replicas: replicas }] });
}

/** What a consumer of these types must be given: subjects are read off the contracts, never written twice. */
function filtersOf(types: readonly MessageType[]): readonly string[] {
  return types.map(({ subject }) => subject.filter);
}
