// What the resolver needs, as health checks. While the broker is away reads still work and only grow old, so that is
// degraded: taking the service out of rotation would turn old answers into none.
import type { BackendState, ConsumptionState } from '@longwave/messaging';
import { checkDurability } from '@longwave/messaging/jetstream';
import type { HealthCheck, HealthState } from '@longwave/runtime';

type Settings = {
  readonly NATS_DURABILITY: 'strict' | 'relaxed';
  readonly NATS_MONITOR_URL?: string | undefined;
};

type Messages = {
  readonly backend: { state(): BackendState };
  readonly consumption: { state(): ConsumptionState };
};

/** By the name under which readiness reports each. */
export function messageChecks({ backend, consumption }: Messages, settings: Settings): Record<string, HealthCheck> {
  const isAway = (): boolean => backend.state().state === 'down';
  const waiting = (what: string): HealthState => ({ state: 'degraded', reason: `nats-server is away: ${what}` });
  return {
    broker: () => (isAway() ? waiting('what is known grows old') : { state: 'up' }),
    consumption: () => (isAway() ? waiting('messages wait there') : softened(consumption.state())),
    durability: (signal) =>
      isAway()
        ? waiting('whether it syncs is not known')
        : checkDurability(
            { monitorUrl: settings.NATS_MONITOR_URL, relaxed: settings.NATS_DURABILITY === 'relaxed' },
            signal,
          ),
  };
}

function softened(state: ConsumptionState): HealthState {
  return state.state === 'down' ? { state: 'degraded', reason: state.reason } : state;
}
