// What a command is given by the process around it, so that tests can be that process; and how it ends.

export type CommandContext = {
  readonly environment: NodeJS.ProcessEnv;
  /** To stdout: what was asked for. */
  readonly print: (text: string) => void;
  /** To stderr: what is wrong, and what is going on. */
  readonly complain: (text: string) => void;
  /** The answer of whoever sits there; null when nobody does. */
  readonly ask: (question: string) => Promise<string | null>;
  readonly now: () => Date;
  /** Who types, as messages name it: `user:ada`. */
  readonly actor: string;
  /** The width of the terminal; null for a file or a pipe, where nothing is cut. */
  readonly columns: number | null;
};

/** Stable: scripts depend on them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, config: 78 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The arguments make no sense; the message says which do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It cannot be done; the message says why and what to do next. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
