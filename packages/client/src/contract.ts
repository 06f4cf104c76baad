// Events as what a contract says they are: `subscribe(from(ShowUpdated), ({ id }) => …)`. Takes only types from the
// contract kit; whoever has a contract has brought its code along.
import type { DataOf, EventType } from '@longwave/messaging/contract';
import type { FeedEvent } from './feed-event.ts';
import type { Source } from './subscriptions.ts';

/** An event that is not what its contract says. The subscriber is told of a gap. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
  readonly code = 'unreadable-event';
}

type AnyType = EventType<unknown, never>;

/** Everything that is published as one of `types`; older versions are read as the present one. */
export function from<const Types extends readonly AnyType[]>(...types: Types): Source<DataOf<Types[number]>> {
  return {
    filters: types.map(({ subject }) => subject.filter),
    // What `decode` returns is the data of that type.
    read: (event) => read(types, event) as DataOf<Types[number]>,
  };
}

function read(types: readonly AnyType[], { subject, payload }: FeedEvent): unknown {
  const type = types.find((candidate) => candidate.subject.match(subject) !== null);
  if (type === undefined || payload.kind !== 'json') throw new UnreadableEventError(`nothing expected on ${subject}`);
  // A payload is `{ version, createdAt, data? }`; any other value has no version that is known.
  const { version, data } = Object(payload.value) as { readonly version?: unknown; readonly data?: unknown };
  const format = version === type.version ? type : type.older?.get(Number(version));
  const decoded = format?.decode(data);
  if (decoded?.success !== true)
    throw new UnreadableEventError(`${subject}: version ${String(version)} is not readable`);
  return decoded.data;
}
