// A message that has ended its process each time it was handled alone, as an error: there is no other, because whoever
// would have thrown it died.

export class CrashedError extends Error {
  override readonly name = 'CrashedError';
  readonly crashes: number;

  constructor(crashes: number) {
    super(`the process ended ${crashes} times while this message alone was handled in it`);
    this.crashes = crashes;
  }
}
