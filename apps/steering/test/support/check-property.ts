// Properties checked with fast-check, so that a failure can be repeated: its seed is in the message, LONGWAVE_SEED sets
// it. Under LONGWAVE_SOAK far more is tried.
import fc from 'fast-check';

const RUNS = 100;
const RUNS_OF_SOAK = 5_000;

export function checkProperty<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => boolean | void,
): void {
  const { LONGWAVE_SEED: seed, LONGWAVE_SOAK: soak } = process.env;
  fc.assert(fc.property(...arbitraries, holds), {
    numRuns: soak === undefined ? RUNS : RUNS_OF_SOAK,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}

/** For Jest: what the runs of a soak may take on a busy machine. */
export const PROPERTY_TIMEOUT_MS = 600_000;
