// What a change would lose, in words. Messages that are gone, that nobody can send or that nobody gets any more, copies
// of them, and how far a consumer had come: all of it is lost on purpose or not at all (S2).
import { uncovered } from './covers.ts';
import type { Difference } from './differences.ts';

/** Changes that the server refuses for a stream that exists: the only way is another stream. */
export function needsNewStream({ setting, expected, actual }: Difference): boolean {
  switch (setting) {
    case 'storage':
    case 'persist_mode':
    case 'allow_msg_counter':
      return true;
    case 'retention':
      return expected === 'workqueue' || actual === 'workqueue';
    case 'deny_delete':
    case 'deny_purge':
    case 'allow_msg_ttl':
    case 'allow_msg_schedules':
    case 'sealed':
      return actual === true;
    default:
      return false;
  }
}

/** The same for a durable consumer. */
export function needsNewConsumer({ setting }: Difference): boolean {
  return NEEDS_NEW_CONSUMER.has(setting);
}

const NEEDS_NEW_CONSUMER: ReadonlySet<string> = new Set([
  'ack_policy',
  'deliver_policy',
  'deliver_subject',
  'deliver_group',
  'flow_control',
  'idle_heartbeat',
  'max_waiting',
  'opt_start_seq',
  'opt_start_time',
  'replay_policy',
]);

/** What is lost by making this difference go away, if anything. */
export function lossOfStreamUpdate(difference: Difference): string | undefined {
  const { setting, expected, actual } = difference;
  switch (setting) {
    case 'max_age':
    case 'max_bytes':
    case 'max_msgs':
    case 'max_msgs_per_subject':
      return isTighter(difference) ? 'messages beyond the new limit' : undefined;
    case 'max_msg_size':
      return isTighter(difference) ? 'messages above the new size, which outboxes may hold already' : undefined;
    case 'num_replicas':
      return Number(expected ?? 1) < Number(actual ?? 1) ? 'copies of every message' : undefined;
    case 'subjects': {
      const removed = removedSubjects(difference);
      return removed.length === 0 ? undefined : `whatever is published to ${removed.join(', ')}`;
    }
    case 'retention':
      return expected === 'limits' ? undefined : 'messages that no consumer waits for';
    case 'discard':
      return expected === 'new' ? undefined : 'the oldest messages whenever the stream is full';
    case 'mirror':
    case 'sources':
      return 'what would still have come from other streams';
    default:
      return undefined;
  }
}

export function lossOfConsumerUpdate(difference: Difference): string | undefined {
  const { setting, expected, actual } = difference;
  switch (setting) {
    case 'filter_subjects': {
      // No filter is everything.
      const removed = uncovered(listOf(actual ?? ['>']), listOf(expected ?? ['>']));
      return removed.length === 0 ? undefined : `messages on ${removed.join(', ')} that it has not had yet`;
    }
    case 'max_deliver':
      return isTighter(difference) ? 'messages that were delivered that often' : undefined;
    case 'inactive_threshold':
      return expected === undefined ? undefined : 'its position, when its service is down for that long';
    case 'mem_storage':
      return expected === true ? 'its position, at every restart of the server' : undefined;
    default:
      return undefined;
  }
}

/** The subjects that a stream would no longer keep. */
export function removedSubjects({ setting, expected, actual }: Difference): readonly string[] {
  return setting === 'subjects' ? uncovered(listOf(actual), listOf(expected)) : [];
}

/** Whether a limit becomes smaller. Not set, 0 and -1 are no limit. */
function isTighter({ expected, actual }: Difference): boolean {
  const limit = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : Infinity);
  return limit(expected) < limit(actual);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
