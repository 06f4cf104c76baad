// What can go wrong between a stream and its consumer, drawn from a seed.
//
// W2  the same seed is the same bad day again, to the millisecond.

/** Chances between 0 and 1, each drawn for every delivery (or acknowledgement). */
export type FaultChances = {
  /** A message is delivered twice. */
  readonly duplicate?: number;
  /** A message is delivered after the one that follows it; when none does, up to `delayMsMax` later. */
  readonly reorder?: number;
  /** A message arrives up to `delayMsMax` later. */
  readonly delay?: number;
  readonly delayMsMax?: number;
  /** A settlement is lost on its way. */
  readonly dropAcknowledgement?: number;
  /** The answer to a publish is lost; the message is stored. */
  readonly dropPublishAnswer?: number;
};

export type Faults = {
  readonly seed: number;
  /** Whether the fault happens this time. */
  happens(fault: Exclude<keyof FaultChances, 'delayMsMax'>): boolean;
  delayMs(): number;
};

const DELAY_MS_MAX_DEFAULT = 1_000;

export function seededFaults(seed: number, chances: FaultChances): Faults {
  const random = seededRandom(seed);
  return {
    seed,
    happens: (fault) => random() < (chances[fault] ?? 0),
    delayMs: () => Math.ceil(random() * (chances.delayMsMax ?? DELAY_MS_MAX_DEFAULT)),
  };
}

/** mulberry32: small, and the same everywhere for the same seed. Numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
