// When a change happened, as its entity remembers it.

/** `now`, but always later than `previous`: a client may compare two times of an entity, whatever the clocks did. */
export function changeTime(now: Date, previous: Date): Date {
  return now > previous ? now : new Date(previous.getTime() + 1);
}
