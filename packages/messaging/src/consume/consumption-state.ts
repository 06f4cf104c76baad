// What readiness says of one consumption: nothing while all is well, else what waits and why.
import type { PullState } from '../ports.ts';
import type { ConsumptionState } from './consumption-options.ts';

/** A handler that takes longer is told about: it holds a place, and its key waits behind it. */
export const HANDLER_LONG_MS = 5 * 60_000;

/** `handlersLong`: handlers that run for longer than `HANDLER_LONG_MS`. `isFull`: no place is left for a message. */
export function consumptionState(
  name: { readonly stream: string; readonly consumer: string },
  what: {
    readonly pull: PullState;
    /** Null: it does not take what is redriven. */
    readonly redrivePull: PullState | null;
    readonly pausedKeys: number;
    readonly handlersLong: number;
    readonly isFull: boolean;
  },
): ConsumptionState {
  const group = `${name.stream}/${name.consumer}`;
  const { pull, redrivePull, pausedKeys, handlersLong, isFull } = what;
  if (pull.state === 'interrupted') return { state: 'down', reason: `${group}: ${pull.reason}` };
  const troubles = [
    ...(pausedKeys > 0 ? [`${pausedKeys} keys wait for a failing message`] : []),
    ...(handlersLong > 0 ? [`${handlersLong} handlers run for more than ${HANDLER_LONG_MS} ms`] : []),
  ];
  const isStuck = troubles.length > 0 && isFull;
  if (isStuck) troubles.push('no place is left for others');
  if (redrivePull?.state === 'interrupted') troubles.push(`takes no redriven messages: ${redrivePull.reason}`);
  if (troubles.length === 0 && pull.state === 'standby')
    return { state: 'standby', reason: `${group}: ${pull.reason}` };
  if (troubles.length === 0) return { state: 'up' };
  return { state: 'degraded', reason: `${group}: ${troubles.join('; ')}` };
}
