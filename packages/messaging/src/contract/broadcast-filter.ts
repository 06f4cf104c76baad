// Which broadcast events somebody wants, by the four things every one of them says first:
// `longwave.v1.events.<originator>.<entity-type>.<event-group>.<event-type>[.<extra>…]`.
import { checkName } from './name.ts';
import { parseFilter } from './filter.ts';

export type BroadcastAddress = {
  readonly originator?: string;
  readonly entityType?: string;
  readonly eventGroup?: string;
  readonly eventType?: string;
};

/**
 * The filter for all events with this address; what is absent is any. Without an event type that is with whatever extra
 * tokens; with one, `extraTokens` says how many follow it, because no NATS filter means "with and without".
 * Throws SubjectError `illegal-name`.
 */
export function broadcastFilter(address: BroadcastAddress, extraTokens: number | 'some' = 0): string {
  const { originator, entityType, eventGroup, eventType } = address;
  const start = ['longwave', 'v1', 'events'];
  const names = [originator, entityType, eventGroup, eventType];
  const known = names.slice(0, names.findLastIndex((name) => name !== undefined) + 1);
  const tokens = known.map((name) => (name === undefined ? '*' : checkName(name)));
  if (eventType === undefined) return parseFilter([...start, ...tokens, '>'].join('.')).text;
  const extra = extraTokens === 'some' ? ['>'] : Array.from({ length: extraTokens }, () => '*');
  return parseFilter([...start, ...tokens, ...extra].join('.')).text;
}
