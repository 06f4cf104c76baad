// A command with one argument, for a person: what they can act on is a sentence, anything else keeps its stack.
import { BackupError } from './backup-files.ts';
import { NoComposeError } from './find-compose.ts';
import { CommandError } from './stack.ts';

/** Sets the exit code: 0, 1 when it failed, 2 when the argument is missing. */
export async function runCommandLine(usage: string, run: (argument: string) => Promise<void>): Promise<void> {
  const [argument, ...more] = process.argv.slice(2);
  if (argument === undefined || argument.startsWith('-') || more.length > 0) {
    console.error(usage);
    process.exitCode = 2;
  } else {
    // What was stopped has to be started again: Ctrl-C ends the commands under way, and with them this, in order.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
    await run(argument).catch((error: unknown) => {
      console.error(isForPeople(error) ? error.message : error);
      process.exitCode = 1;
    });
  }
  if (process.connected) process.disconnect();
}

export function isForPeople(error: unknown): error is Error {
  return error instanceof BackupError || error instanceof NoComposeError || error instanceof CommandError;
}
