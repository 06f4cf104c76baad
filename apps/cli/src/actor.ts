// Who types the command, as messages and the audit log name it.

/**
 * `user:<name>`. In a container there may be a number and no name for it, which is no reason to do nothing: then it is the
 * number. `readName` throws for that.
 */
export function actorOf(readName: () => string, number: number | undefined): string {
  try {
    return `user:${readName()}`;
  } catch {
    return `user:${number ?? 'unknown'}`; // the reason says no more than that there is no name
  }
}
