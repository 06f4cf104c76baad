// Load with a fixed number of works under way, as an application with that many concurrent requests makes it.

/** Does `work` for 0 to `count - 1`, at most `places` at once. Rejects with the first failure. */
export async function inFlight(
  count: number,
  places: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const occupy = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: places }, occupy));
}

/** Does `work` for 0 to `count - 1`, one after the other; returns how long each took, in ms. */
export async function inSequence(count: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const latenciesMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedAt = performance.now();
    await work(index);
    latenciesMs.push(performance.now() - startedAt);
  }
  return latenciesMs;
}
