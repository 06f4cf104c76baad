// What a client that is behind wants: all of it, or the latest of each subject.

export const policies = ['catch-up', 'conflate'] as const;

export type Policy = (typeof policies)[number];

type OnSubject = { readonly subject: string };

/**
 * Of `events`, in order, the last on each subject: what a client that conflates is given of what it is behind by. Which
 * of them are looked at together is the caller's; so is that nothing else of them is said to have been given.
 */
export function latestOnEachSubject<E extends OnSubject>(events: Iterable<E>): ReadonlySet<E> {
  const latest = new Map<string, E>();
  for (const event of events) latest.set(event.subject, event);
  return new Set(latest.values());
}
