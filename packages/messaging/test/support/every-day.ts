// A test of chance is lived through on many days, each drawn from a seed of its own. A day that goes wrong is named by
// it, and LONGWAVE_SEED repeats that day.

const DAYS = 20;
const DAYS_OF_SOAK = 1_000;
/** For Jest: what so many days may take on a busy machine. */
export const DAYS_TIMEOUT_MS = process.env['LONGWAVE_SOAK'] === undefined ? 180_000 : 1_800_000;

/** Runs `day` twenty times, a thousand times under LONGWAVE_SOAK, or once with LONGWAVE_SEED. */
export async function everyDay(day: (seed: number) => Promise<void>): Promise<void> {
  const { LONGWAVE_SEED: repeated, LONGWAVE_SOAK: soak } = process.env;
  const days = repeated !== undefined ? 1 : soak !== undefined ? DAYS_OF_SOAK : DAYS;
  for (let lived = 0; lived < days; lived += 1) {
    const seed = repeated === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(repeated);
    try {
      await day(seed);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`LONGWAVE_SEED=${seed}: ${reason}`, { cause: error });
    }
  }
}
