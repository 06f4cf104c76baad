// `longwave dlq discard`: takes letters away for good. What they were, and who did it, stays in the audit log.
import { discard } from '@longwave/messaging/dead-letters';
import { exitCodes, UsageError, type CommandContext, type ExitCode } from '../command-context.ts';
import { withBroker } from '../with-broker.ts';
import { confirm } from './confirm.ts';
import { describeLetter } from './describe-letter.ts';
import { findLetters } from './find-letters.ts';
import { wordsOf } from './words-of.ts';

export async function discardLetters(
  named: readonly string[],
  { yes = false }: { readonly yes?: boolean | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  if (named.length === 0) throw new UsageError('Name the dead letters: longwave dlq discard <identity>…');
  return withBroker(context, async (broker) => {
    const letters = await findLetters(broker, named);
    for (const letter of letters) context.complain(describeLetter(letter));
    await confirm(`Discard ${letters.length === 1 ? 'it' : `these ${letters.length}`} for good?`, yes, context);
    for (const letter of letters) {
      const outcome = await discard(broker, letter, { by: context.actor, at: context.now() });
      context.print(`${letter.identity}  ${wordsOf(outcome)}`);
    }
    return exitCodes.done;
  });
}
