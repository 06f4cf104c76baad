// `longwave <topic> …`: finds the topic, and words what goes wrong. What each does is in its own folder.
import { ConfigError } from '@longwave/runtime';
import { CommandError, exitCodes, UsageError, type CommandContext, type ExitCode } from './command-context.ts';
import { inWordsOfTheBroker } from './broker-words.ts';
import { runDlqCommand } from './dlq/dlq-command.ts';

export const usage = `What operators of Longwave do at a prompt.

  longwave dlq …      dead letters: list, show, redrive, discard; longwave dlq --help

In the repository: npm run longwave -- dlq list

Environment
  NATS_HOST (127.0.0.1), NATS_PORT (4222)   the nats-server of the station

Exit code: 0 done, 1 failed, 2 wrong arguments, 78 the environment is wrong.`;

/** Never throws what a person can do something about: that is worded and becomes an exit code. */
export async function runLongwaveCommand(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    return await run(argv, context);
  } catch (thrown) {
    const error = inWordsOfTheBroker(thrown, context.environment);
    const code = exitCodeOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    context.complain(error.message);
    return code;
  }
}

async function run([topic, ...rest]: readonly string[], context: CommandContext): Promise<ExitCode> {
  switch (topic) {
    case 'dlq':
      return runDlqCommand(rest, context);
    case 'help':
    case '--help':
    case '-h':
      context.print(usage);
      return exitCodes.done;
    case undefined:
      throw new UsageError('Say what it is about: longwave dlq list. longwave --help explains all of it.');
    default:
      throw new UsageError(`There is no "${topic}". longwave --help says what there is.`);
  }
}

function exitCodeOf(error: unknown): ExitCode | undefined {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof CommandError) return exitCodes.failed;
  return error instanceof ConfigError ? exitCodes.config : undefined;
}
