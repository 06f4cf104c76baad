// `longwave dlq show`: everything that is known about one dead letter.
import { readOriginal, type DeadLetter, type Original } from '@longwave/messaging/dead-letters';
import { CommandError, exitCodes, UsageError, type CommandContext, type ExitCode } from '../command-context.ts';
import { printable, printableLines } from '../text/printable.ts';
import { withBroker } from '../with-broker.ts';
import { findLetters } from './find-letters.ts';
import { letterJson, parsePayload, payloadJson } from './letter-json.ts';

export async function showLetter(
  named: readonly string[],
  { json = false }: { readonly json?: boolean | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  const [identity, ...others] = named;
  if (identity === undefined || others.length > 0)
    throw new UsageError('Name one dead letter: longwave dlq show <identity>.');
  const { letter, original } = await withBroker(context, async (broker) => {
    const [found] = await findLetters(broker, [identity]);
    if (found === undefined) throw new CommandError(`There is no dead letter ${identity}.`);
    return { letter: found, original: await readOriginal(broker.reader, found) };
  });
  if (original === 'gone') throw new CommandError(`${identity} was redriven or discarded this very moment.`);
  context.print(json ? JSON.stringify(jsonOf(letter, original), null, 2) : pageOf(letter, original));
  return exitCodes.done;
}

function jsonOf(letter: DeadLetter, original: Exclude<Original, 'gone'>): object {
  const { stack } = letter;
  if (original === 'lost') return { ...letterJson(letter), stack, headers: null, payload: null };
  return { ...letterJson(letter), stack, headers: original.headers, ...payloadJson(original.payload) };
}

function pageOf(letter: DeadLetter, original: Exclude<Original, 'gone'>): string {
  const { stream, epoch, sequence, storedAt, subject, expiresAt, redrives } = letter;
  const facts: readonly (readonly [string, string])[] = [
    ['why', letter.reason],
    ['cause', letter.cause],
    ['group', letter.group],
    ['attempts', `${letter.attempts}${redrives === 0 ? '' : ` since it was redriven for the ${redrives}. time`}`],
    ['first failed', letter.firstFailedAt.toISOString()],
    ['last failed', `${letter.lastFailedAt.toISOString()} at ${letter.failedAt}`],
    ['message', `${letter.messageId} ${letter.type ?? '(without a type)'}`],
    ['key', letter.key],
    ['subject', subject],
    ['stored', `${storedAt.toISOString()} in ${stream}, epoch ${epoch}, sequence ${sequence}`],
    ['correlation', letter.correlationId ?? '–'],
    ['trace', letter.traceparent ?? '–'],
    ['expires', expiresAt?.toISOString() ?? 'never'],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    letter.identity,
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value)}`),
    ...contentOf(original, letter.omitted),
    ...section('stack', letter.stack),
  ].join('\n');
}

function contentOf(original: Exclude<Original, 'gone'>, omitted: boolean): readonly string[] {
  if (original === 'lost')
    return section(
      'payload',
      'It was too large for a letter, and its stream has forgotten it: it can only be discarded.',
    );
  const headers = Object.entries(original.headers).map(([name, value]) => `${name}: ${value}`);
  const size = `${original.payload.byteLength} bytes${omitted ? ', from its own stream' : ''}`;
  return [...section('headers', headers.join('\n')), ...section(`payload, ${size}`, payloadText(original.payload))];
}

function payloadText(payload: Uint8Array): string {
  const parsed = parsePayload(payload);
  if (parsed !== undefined) return JSON.stringify(parsed, null, 2);
  return `no JSON; in base64: ${Buffer.from(payload).toString('base64')}`;
}

function section(title: string, text: string): readonly string[] {
  if (text === '') return [];
  const lines = printableLines(text)
    .split('\n')
    .map((line) => `  ${line}`);
  return ['', title, ...lines];
}
