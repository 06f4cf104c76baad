// What becomes of redriven messages, for as long as somebody waits: handled, dead again, or still with nobody.
import { pause, systemTime } from '@longwave/messaging';
import { redriveProgress, type DeadLetter } from '@longwave/messaging/dead-letters';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import type { CommandContext } from '../command-context.ts';
import { printable } from '../text/printable.ts';
import { readLetters } from './find-letters.ts';

/** `position`: of the redriven message in the stream of dead letters. */
export type Redriven = { readonly letter: DeadLetter; readonly position: number };

const LOOK_EVERY_MS = 200;

/** Says what became of each; not at all when nobody waits. Resolves with whether none is dead again. */
export async function watchRedrives(
  broker: JetStreamBackend,
  redriven: readonly Redriven[],
  withinMs: number,
  { print, now }: CommandContext,
): Promise<boolean> {
  if (withinMs === 0) return true;
  let waiting = redriven;
  let isWell = true;
  // Of thousands of letters a look takes seconds.
  const endsAtMs = performance.now() + withinMs;
  while (waiting.length > 0 && performance.now() < endsAtMs) {
    await pause(systemTime, LOOK_EVERY_MS);
    const settled = await settledOf(broker, waiting);
    if (settled.length === 0) continue;
    waiting = waiting.filter((one) => !settled.includes(one));
    // A letter is stored before its message is settled, so what has none now was handled.
    const { letters } = await readLetters(broker, {});
    for (const { letter } of settled) {
      const again = letters.find(
        ({ identity, redrives }) => identity === letter.identity && redrives > letter.redrives,
      );
      isWell &&= again === undefined;
      print(`${letter.identity}  ${again === undefined ? endOf(letter, now()) : deadAgain(again)}`);
    }
  }
  for (const { letter } of waiting)
    print(`${letter.identity}  waits: no replica of ${letter.group} is done with it yet`);
  return isWell;
}

/** Those that their groups are done with: each group is asked once. */
async function settledOf({ editor }: JetStreamBackend, waiting: readonly Redriven[]): Promise<readonly Redriven[]> {
  const nameOf = ({ stream, group }: DeadLetter): string => `${stream}/${group}`;
  const settledUpTo = new Map<string, number>();
  for (const [name, { letter }] of new Map(waiting.map((one) => [nameOf(one.letter), one]))) {
    settledUpTo.set(name, (await redriveProgress(editor, letter))?.settledUpTo ?? 0);
  }
  return waiting.filter(({ letter, position }) => position <= (settledUpTo.get(nameOf(letter)) ?? 0));
}

function endOf({ expiresAt }: DeadLetter, now: Date): string {
  return expiresAt !== null && expiresAt <= now ? 'dropped, because it had expired' : 'handled';
}

function deadAgain({ cause, reason }: DeadLetter): string {
  return printable(`dead again: ${cause}: ${reason}`);
}
