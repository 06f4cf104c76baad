// `longwave dlq redrive`: gives letters back to their groups, oldest first, and looks what becomes of them. Everything
// that can be known is said before anything is done.
import {
  redrive,
  redriveDoubts,
  redriveProgress,
  type DeadLetter,
  type LetterFilter,
} from '@longwave/messaging/dead-letters';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { CommandError, exitCodes, UsageError, type CommandContext, type ExitCode } from '../command-context.ts';
import { withBroker } from '../with-broker.ts';
import { confirm } from './confirm.ts';
import { describeLetter } from './describe-letter.ts';
import { findLetters, readLetters } from './find-letters.ts';
import { filterOf, type ListOptions } from './list-letters.ts';
import { watchRedrives, type Redriven } from './watch-redrives.ts';
import { wordsOf } from './words-of.ts';

export type RedriveOptions = Pick<ListOptions, 'stream' | 'group' | 'type'> & {
  readonly all?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly waitSeconds: number;
};

const DOUBTS_WITHIN_MS = 60_000;

export async function redriveLetters(
  named: readonly string[],
  options: RedriveOptions,
  context: CommandContext,
): Promise<ExitCode> {
  checkOptions(named, options);
  const filter = filterOf(options);
  return withBroker(context, async (broker) => {
    const letters = await select(broker, named, filter, options.all);
    if (letters.length === 0) {
      context.print('There is nothing to redrive.');
      return exitCodes.done;
    }
    await requireTakers(broker, letters);
    await tellWhatIsKnown(broker, letters, context);
    if (options.dryRun === true) {
      context.print(`${letters.length} would be redriven.`);
      return exitCodes.done;
    }
    const them = letters.length === 1 ? 'it' : `these ${letters.length}`;
    await confirm(`Redrive ${them}?`, options.yes ?? false, context);
    const { redriven, lost } = await redriveAll(broker, letters, context);
    const isWell = await watchRedrives(broker, redriven, options.waitSeconds * 1_000, context);
    return isWell && lost === 0 ? exitCodes.done : exitCodes.failed;
  });
}

function checkOptions(named: readonly string[], { group, stream, type, all = false }: RedriveOptions): void {
  if (named.length > 0 && (group ?? stream ?? type) !== undefined)
    throw new UsageError('Name dead letters or a group, not both.');
  if (named.length > 0 && all) throw new UsageError('--all is for a group: longwave dlq redrive --group G --all.');
  if (named.length === 0 && group === undefined)
    throw new UsageError('Name the dead letters, or a group: longwave dlq redrive <identity>…, or --group G.');
}

/** In the order in which their messages were stored, so that those of one key come in order. */
async function select(
  broker: JetStreamBackend,
  named: readonly string[],
  filter: LetterFilter,
  all = false,
): Promise<readonly DeadLetter[]> {
  const { letters } =
    named.length > 0 ? { letters: await findLetters(broker, named) } : await readLetters(broker, filter);
  const ordered = letters.toSorted((a, b) => a.epoch - b.epoch || a.sequence - b.sequence);
  return named.length > 0 || all ? ordered : ordered.slice(0, 1);
}

/** Throws CommandError when what is redriven to one of the groups would lie there for ever. */
async function requireTakers({ editor }: JetStreamBackend, letters: readonly DeadLetter[]): Promise<void> {
  const groups = new Map(letters.map((letter) => [`${letter.stream}/${letter.group}`, letter]));
  for (const [name, letter] of groups) {
    if ((await redriveProgress(editor, letter)) !== null) continue;
    throw new CommandError(
      `${name} takes nothing back: dead-letter has no durable consumer for it. npm run streams -- apply makes those of this version; the letters of a group that is no more can only be discarded. Nothing was done.`,
    );
  }
}

async function tellWhatIsKnown(
  { reader }: JetStreamBackend,
  letters: readonly DeadLetter[],
  { complain, now }: CommandContext,
): Promise<void> {
  const doubts = await redriveDoubts(reader, letters, now(), AbortSignal.timeout(DOUBTS_WITHIN_MS));
  for (const letter of letters) {
    complain(describeLetter(letter));
    for (const doubt of doubts.get(letter.identity) ?? []) complain(`  BUT ${doubt}`);
  }
}

/** `redriven`: those that are their group's now. `lost`: how many never can be. */
async function redriveAll(
  broker: JetStreamBackend,
  letters: readonly DeadLetter[],
  { print, now, actor }: CommandContext,
): Promise<{ readonly redriven: readonly Redriven[]; readonly lost: number }> {
  const redriven: Redriven[] = [];
  let lost = 0;
  for (const letter of letters) {
    const outcome = await redrive(broker, letter, { by: actor, at: now() });
    print(`${letter.identity}  ${wordsOf(outcome)}`);
    if ('position' in outcome) redriven.push({ letter, position: outcome.position });
    if (outcome.kind === 'lost') lost += 1;
  }
  return { redriven, lost };
}
