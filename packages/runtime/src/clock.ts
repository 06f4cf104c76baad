// What time it is, as a parameter: code that asks a Clock can be tested at any instant.
// Wall-clock time only; durations are measured with `performance.now()`, which never jumps.

export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };
