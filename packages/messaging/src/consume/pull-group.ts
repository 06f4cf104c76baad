// What a group is given: its durable consumer's messages, for every replica or, in an ordered group, for the active one
// alone; and what was redriven to it.
import type { Redriven } from '../dead-letters/redriven-message.ts';
import type { Backend, Delivery, ExclusiveConsumers, ExclusivePull, PullOptions, PullState } from '../ports.ts';
import type { ConsumptionOptions } from './consumption-options.ts';
import { pullRedriven } from './pull-redriven.ts';

/** A back-end of which one replica at a time may have a group. */
export type ExclusiveBackend = Backend & { readonly exclusive: ExclusiveConsumers };

export type GroupListener = {
  readonly onDelivery: (delivery: Delivery, redriven: Redriven | null) => void;
  readonly onState: (state: PullState) => void;
  readonly onRedriveState: (state: PullState) => void;
};

/** What was redriven while another replica is active comes to that one, a little later. */
const REDRIVEN_ELSEWHERE_WAIT_MS = 1_000;

export function pullGroup(
  backend: Backend | ExclusiveBackend,
  options: ConsumptionOptions,
  prefetch: number,
  listener: GroupListener,
): ExclusivePull {
  const { stream, consumer, redrives = false } = options;
  const how: PullOptions = {
    prefetch,
    onDelivery: (delivery) => listener.onDelivery(delivery, null),
    onState: listener.onState,
  };
  const pull =
    'exclusive' in backend && options.ordered === true
      ? backend.exclusive.pull(stream, consumer, how)
      : shared(backend, stream, consumer, how);
  if (!redrives) return pull;
  const redriven = pullRedriven(backend.consumers, options, {
    onRedriven: (delivery, what) => {
      if (pull.isActive()) listener.onDelivery(delivery, what);
      else delivery.giveBack(REDRIVEN_ELSEWHERE_WAIT_MS);
    },
    onState: listener.onRedriveState,
  });
  return {
    isActive: () => pull.isActive(),
    stop: async () => void (await Promise.all([pull.stop(), redriven.stop()])),
    release: (isSettled) => pull.release(isSettled),
  };
}

/** Every replica is active. */
function shared({ consumers }: Backend, stream: string, consumer: string, how: PullOptions): ExclusivePull {
  const pull = consumers.pull(stream, consumer, how);
  return { isActive: () => true, stop: () => pull.stop(), release: async () => undefined };
}
