// What a person sees while a station starts: a line for every step, with how long it took.
import { performance } from 'node:perf_hooks';

export type Progress = {
  /** Runs `work` and prints how it went. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  note(text: string): void;
};

const MS_PER_S = 1_000;

/** `colour`: whether the terminal shows it. */
export function createProgress(print: (text: string) => void, colour: boolean): Progress {
  const paint = (code: number, text: string): string => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  return {
    step: async (what, work) => {
      const startedAt = performance.now();
      const seconds = (): string => paint(2, `${((performance.now() - startedAt) / MS_PER_S).toFixed(1)} s`);
      try {
        const result = await work();
        print(`  ${paint(32, '✔')} ${what} ${seconds()}`);
        return result;
      } catch (error) {
        print(`  ${paint(31, '✘')} ${what} ${seconds()}`);
        throw error;
      }
    },
    note: (text) => print(`  ${paint(33, '!')} ${text}`),
  };
}
