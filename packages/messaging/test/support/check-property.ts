// Properties checked with fast-check, so that a failure can be repeated: its seed is in the message, LONGWAVE_SEED sets it.
import fc from 'fast-check';

export function checkProperty<Values extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => boolean | void,
): void {
  const seed = process.env['LONGWAVE_SEED'];
  fc.assert(fc.property(...arbitraries, holds), {
    numRuns: 200,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
}
