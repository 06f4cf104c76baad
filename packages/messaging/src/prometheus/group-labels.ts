// The labels of a durable consumer; its name is unique in its stream only.
import type { ObservedGroup } from '../observe/observer.ts';

export type GroupLabel = 'messaging_stream' | 'messaging_consumer_group_name';

export function groupLabels({ stream, consumer }: ObservedGroup): Record<GroupLabel, string> {
  return { messaging_stream: stream, messaging_consumer_group_name: consumer };
}
