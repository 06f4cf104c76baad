// `longwave dlq …`: which subcommand, with which arguments. What each does is in the file of its name.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { exitCodes, UsageError, type CommandContext, type ExitCode } from '../command-context.ts';
import { discardLetters } from './discard-letters.ts';
import { listLetters } from './list-letters.ts';
import { redriveLetters } from './redrive-letters.ts';
import { showLetter } from './show-letter.ts';

export const dlqUsage = `Dead letters: messages that a group has given up.

  longwave dlq list                   those there are, the newest last
      --stream S  --group G  --type T   only these; T is PackageCreated or longwave.PackageCreated.v1
      --limit N (100)                   the newest N
      --json                            one JSON object a line
  longwave dlq show <identity>        everything about one: why, where, when, its headers, its payload
      --json
  longwave dlq redrive <identity>…    give them back to the group that failed, and to no other
      --group G [--stream S] [--type T]   the oldest of G: try one first
      --all                               all of G
      --dry-run                           say what would be done, and what speaks against it
      --yes                               do not ask
      --wait SECONDS (10)                 how long to look what becomes of them
  longwave dlq discard <identity>…    take them away for good
      --yes

An identity is <stream>:<epoch>:<sequence>:<group>, as list prints it.

What a redrive does
  The group gets the message again, as if it were delivered once more: same id, same key, same place. Its inbox knows it
  if it was applied after all, and takes it as stale if its entity has gone on. Nobody else gets it. A letter is redriven
  once, whoever does it, however often and whatever is interrupted: when in doubt do the same again. What fails again is
  a dead letter again, under the same identity.

Mend the cause first (deploy the fix), then redrive one, then the others:
  longwave dlq list --group resolver
  longwave dlq redrive --group resolver
  longwave dlq redrive --group resolver --all

Environment
  NATS_HOST (127.0.0.1), NATS_PORT (4222)

Exit code: 0 done, 1 failed, or redriven and dead again, 2 wrong arguments, 78 the environment is wrong.`;

const which = { stream: { type: 'string' }, group: { type: 'string' }, type: { type: 'string' } } as const;

export async function runDlqCommand(
  [subcommand, ...rest]: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  if (subcommand === '--help' || subcommand === '-h' || rest.includes('--help') || rest.includes('-h')) {
    context.print(dlqUsage);
    return exitCodes.done;
  }
  switch (subcommand) {
    case 'list': {
      const options = { ...which, limit: { type: 'string' }, json: { type: 'boolean' } } as const;
      const { values, positionals } = parse({ args: rest, options });
      if (positionals.length > 0) throw new UsageError('dlq list takes no names: longwave dlq show <identity>.');
      return listLetters({ ...values, limit: count('--limit', values.limit ?? '100') }, context);
    }
    case 'show': {
      const { values, positionals } = parse({ args: rest, options: { json: { type: 'boolean' } } });
      return showLetter(positionals, values, context);
    }
    case 'redrive': {
      const flags = { all: { type: 'boolean' }, yes: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const;
      const { values, positionals } = parse({ args: rest, options: { ...which, ...flags, wait: { type: 'string' } } });
      const { 'dry-run': dryRun, wait = '10', ...others } = values;
      return redriveLetters(positionals, { ...others, dryRun, waitSeconds: count('--wait', wait) }, context);
    }
    case 'discard': {
      const { values, positionals } = parse({ args: rest, options: { yes: { type: 'boolean' } } });
      return discardLetters(positionals, values, context);
    }
    case undefined:
      throw new UsageError('Say what to do: list, show, redrive or discard. longwave dlq --help explains all of it.');
    default:
      throw new UsageError(`There is no "dlq ${subcommand}": list, show, redrive or discard.`);
  }
}

/** parseArgs, its complaints in the words of this command. */
function parse<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs({ ...config, allowPositionals: true });
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${complaint}\nlongwave dlq --help explains all of it.`, { cause: error });
  }
}

function count(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${option} is a number, not "${text}".`);
}
