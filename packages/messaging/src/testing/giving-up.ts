// A group that gives messages up, on the stage of the conformance suite, and what becomes of its dead letters.
import assert from 'node:assert/strict';
import type { Message } from '../contract/decode.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import { listDeadLetters, type FoundLetters } from '../dead-letters/list-dead-letters.ts';
import { DEAD_LETTER_STREAM, redriveConsumer, redriveFilter } from '../dead-letters/redrive-names.ts';
import { Reject } from '../errors.ts';
import { valueOf } from './reading.ts';
import { STREAM, type Stage } from './stage.ts';

const never = new AbortController().signal;

/** A durable consumer of the readings of all meters, and the one that it takes redriven ones from. */
export async function addGroup(stage: Stage, name: string): Promise<void> {
  await stage.addConsumer(name, { filter: 'conformance.>' });
  const config = { filter: redriveFilter(STREAM, name), ackWaitMs: 30_000 };
  await stage.broker.addConsumer(DEAD_LETTER_STREAM, redriveConsumer(STREAM, name), config);
}

/** Rejects the readings that `failing` has, and notes what it handles. */
export function startGroup(stage: Stage, name: string, failing: ReadonlySet<number> = new Set()): Message[] {
  const handled: Message[] = [];
  stage.consume(
    name,
    async (value, message) => {
      if (failing.has(value)) throw new Reject(`no reading ${value} today`);
      handled.push(message);
    },
    { redrives: true },
  );
  return handled;
}

/** Every dead letter there is. */
export const found = (stage: Stage): Promise<FoundLetters> =>
  stage.during(listDeadLetters(stage.backend.reader, {}, never));

export async function untilLetters(stage: Stage, count: number): Promise<readonly DeadLetter[]> {
  await stage.until(`${count} dead letters`, async () => (await found(stage)).letters.length === count);
  return (await found(stage)).letters;
}

/** A group that has given up reading 1 of a meter, and would take it now. */
export async function oneLetter(stage: Stage): Promise<{
  readonly handled: Message[];
  readonly letter: DeadLetter;
  readonly failing: Set<number>;
}> {
  const failing = new Set([1]);
  await addGroup(stage, 'failed');
  const handled = startGroup(stage, 'failed', failing);
  await stage.publish('a', 3);
  const [letter = assert.fail()] = await untilLetters(stage, 1);
  await stage.until('the others are handled', () => handled.length === 2);
  failing.clear();
  return { handled, letter, failing };
}

export const valuesOf = (messages: readonly Message[]): number[] => messages.map(({ stored }) => valueOf(stored));
