// What readiness says of the broker and of consuming from it. Both are `degraded` at worst: what a service has is still
// there, messages wait where they are, and a service taken out of rotation would turn old answers into none. Reasons are
// public, so why the broker is away, which may hold an address, is for the log.
import type { ConsumptionState } from './consume/consumption-options.ts';
import type { BackendState } from './ports.ts';

/** Fits a health check of `@longwave/runtime`. */
export type MessagingHealth =
  | { readonly state: 'up'; readonly note?: string }
  | { readonly state: 'degraded'; readonly reason: string };

type HasState<State> = { state(): State };

/** `meanwhile`: what follows for whoever reads it, e.g. "what is known grows old". */
export function brokerHealth(backend: HasState<BackendState>, meanwhile: string): MessagingHealth {
  return backend.state().state === 'up'
    ? { state: 'up' }
    : { state: 'degraded', reason: `nats-server is away: ${meanwhile}` };
}

/**
 * All consumptions of a service as one: what is wrong with any of them, or that the broker is away. Standing by for
 * another replica is worth a note, and no reason to be less ready.
 */
export function consumptionHealth(
  backend: HasState<BackendState>,
  consumptions: readonly HasState<ConsumptionState>[],
): MessagingHealth {
  const broker = brokerHealth(backend, 'messages wait there');
  if (broker.state !== 'up') return broker;
  const states = consumptions.map((consumption) => consumption.state());
  const reasons = states.flatMap((state) => (state.state === 'degraded' || state.state === 'down' ? state.reason : []));
  if (reasons.length > 0) return { state: 'degraded', reason: reasons.join('; ') };
  const notes = states.flatMap((state) => (state.state === 'standby' ? state.reason : []));
  return { state: 'up', ...(notes.length > 0 && { note: notes.join('; ') }) };
}
