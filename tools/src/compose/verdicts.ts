// The outcome of a long test, line by line, as it comes and as a count at the end.
export type Verdicts = {
  readonly failed: () => number;
  readonly passed: () => number;
  /** Runs a promise of the stack and prints whether it was kept. Never rejects; resolves with whether it was. */
  readonly check: (promise: string, run: () => Promise<string | undefined>) => Promise<boolean>;
};

export function createVerdicts(print: (line: string) => void): Verdicts {
  let passed = 0;
  let failed = 0;
  return {
    passed: () => passed,
    failed: () => failed,
    check: async (promise, run) => {
      const startedAt = performance.now();
      const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
      try {
        const detail = await run();
        passed += 1;
        print(`  ✔ ${promise}  ${seconds()}${detail === undefined ? '' : `\n      ${detail}`}`);
        return true;
      } catch (error) {
        failed += 1;
        print(`  ✘ ${promise}  ${seconds()}\n${error instanceof Error ? error.message : String(error)}`);
        return false;
      }
    },
  };
}
