// `longwave dlq list`: a table for people, or JSON lines for programs.
import type { DeadLetter, LetterFilter } from '@longwave/messaging/dead-letters';
import { checkName, SubjectError } from '@longwave/messaging/contract';
import { exitCodes, UsageError, type CommandContext, type ExitCode } from '../command-context.ts';
import { table } from '../text/table.ts';
import { withBroker } from '../with-broker.ts';
import { readLetters } from './find-letters.ts';
import { letterJson } from './letter-json.ts';

export type ListOptions = {
  readonly stream?: string | undefined;
  readonly group?: string | undefined;
  readonly type?: string | undefined;
  readonly limit: number;
  readonly json?: boolean | undefined;
};

export async function listLetters(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { limit, json = false } = options;
  const filter = filterOf(options);
  const { letters, leftovers } = await withBroker(context, (broker) => readLetters(broker, filter));
  const shown = letters.slice(Math.max(0, letters.length - limit));
  if (json) {
    for (const letter of shown) context.print(JSON.stringify(letterJson(letter)));
  } else {
    context.print(letters.length === 0 ? none(options) : tableOf(shown, context.columns));
    if (letters.length > 0) context.print(`\n${summary(shown.length, letters.length)}`);
  }
  for (const { identity } of leftovers) context.complain(leftover(identity));
  return exitCodes.done;
}

/** What of the options says which letters are wanted. Throws UsageError for a name that nothing can have. */
export function filterOf({ stream, group, type }: Pick<ListOptions, 'stream' | 'group' | 'type'>): LetterFilter {
  return {
    ...(stream !== undefined && { stream: checkOption('--stream', stream) }),
    ...(group !== undefined && { group: checkOption('--group', group) }),
    ...(type !== undefined && { type }),
  };
}

/** A slip of the keyboard must not be answered with "there are none". */
function checkOption(option: string, name: string): string {
  try {
    return checkName(name);
  } catch (error) {
    throw error instanceof SubjectError ? new UsageError(`${option}: ${error.message}`) : error;
  }
}

function none({ stream, group, type }: ListOptions): string {
  const asked = Object.entries({ stream, group, type }).filter(([, value]) => value !== undefined);
  if (asked.length === 0) return 'There are no dead letters.';
  return `There are no dead letters of ${asked.map(([what, value]) => `${what} ${value}`).join(', ')}.`;
}

function tableOf(letters: readonly DeadLetter[], columns: number | null): string {
  const rows = letters.map((letter) => [
    letter.identity,
    letter.lastFailedAt.toISOString(),
    letter.cause,
    String(letter.attempts),
    String(letter.redrives),
    nameOf(letter),
    letter.reason,
  ]);
  return table(['IDENTITY', 'FAILED', 'CAUSE', 'ATTEMPTS', 'REDRIVES', 'TYPE', 'WHY'], rows, columns);
}

/** `PackageCreated` of `longwave.PackageCreated.v1`; the subject of what has no type. */
function nameOf({ type, subject }: DeadLetter): string {
  return type?.split('.').at(-2) ?? type ?? subject;
}

function summary(shown: number, all: number): string {
  const count =
    shown < all ? `The newest ${shown} of ${all} dead letters` : `${all} dead letter${all === 1 ? '' : 's'}`;
  return `${count}. longwave dlq show <identity> says everything about one.`;
}

function leftover(identity: string): string {
  return `${identity} was redriven or discarded, and whoever did it was interrupted before removing it: longwave dlq redrive ${identity} removes it.`;
}
