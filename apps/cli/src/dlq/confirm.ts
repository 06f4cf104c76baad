// Asks before something is done that cannot be taken back.
import { CommandError, UsageError, type CommandContext } from '../command-context.ts';

/** Returns when it may be done. Throws CommandError when it may not, UsageError when nobody is there to be asked. */
export async function confirm(question: string, yes: boolean, { ask }: CommandContext): Promise<void> {
  if (yes) return;
  const answer = await ask(`${question} [y/N] `);
  if (answer === null) throw new UsageError(`${question} Nobody is here to be asked: say --yes.`);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was done.');
}
