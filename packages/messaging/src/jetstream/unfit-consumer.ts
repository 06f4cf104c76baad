// Whether a durable consumer can keep what is promised of consuming. The server lets one pull from any.
import type { ConsumerConfig } from '@nats-io/jetstream';

/** What is wrong with it, and what it must be instead; null when nothing is. (U10) */
export function unfitnessOf({ ack_policy, max_deliver = -1, headers_only = false }: ConsumerConfig): string | null {
  // `none` forgets a message when it is sent, and `all` takes one for every message before it.
  if (ack_policy !== 'explicit') return `its ack_policy is ${ack_policy}; it must be explicit`;
  // Give-backs and crashes of neighbours count as well, and after that a message is never delivered again.
  if (max_deliver !== -1) return `its max_deliver is ${max_deliver}; it must be -1`;
  return headers_only ? 'it is headers_only; it must deliver whole messages' : null;
}
