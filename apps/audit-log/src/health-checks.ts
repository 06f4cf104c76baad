// What the audit log needs, as health checks. While the broker is away, or a batch cannot be recorded yet, questions
// about what is recorded are still answered, so that is degraded: messages wait in their streams.
import type { BackendState, ConsumptionState } from '@longwave/messaging';
import { checkDurability } from '@longwave/messaging/jetstream';
import type { HealthCheck, HealthState } from '@longwave/runtime';

type Settings = {
  readonly NATS_DURABILITY: 'strict' | 'relaxed';
  readonly NATS_MONITOR_URL?: string | undefined;
};

type Messages = {
  readonly backend: { state(): BackendState };
  readonly consumptions: readonly { state(): ConsumptionState }[];
};

/** By the name under which readiness reports each. */
export function messageChecks({ backend, consumptions }: Messages, settings: Settings): Record<string, HealthCheck> {
  const isAway = (): boolean => backend.state().state === 'down';
  const waiting = (what: string): HealthState => ({ state: 'degraded', reason: `nats-server is away: ${what}` });
  return {
    broker: () => (isAway() ? waiting('nothing new is recorded') : { state: 'up' }),
    consumption: () => (isAway() ? waiting('messages wait there') : together(consumptions)),
    durability: (signal) =>
      isAway()
        ? waiting('whether it syncs is not known')
        : checkDurability(
            { monitorUrl: settings.NATS_MONITOR_URL, relaxed: settings.NATS_DURABILITY === 'relaxed' },
            signal,
          ),
  };
}

function together(consumptions: Messages['consumptions']): HealthState {
  const reasons = consumptions.flatMap((consumption) => {
    const state = consumption.state();
    return state.state === 'up' ? [] : [state.reason];
  });
  return reasons.length === 0 ? { state: 'up' } : { state: 'degraded', reason: reasons.join('; ') };
}
