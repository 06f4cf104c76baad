// Messages become entries: every one, readable or not. A batch that cannot be written is written again by whoever
// handed it over, until it is there; nothing is ever left out.
import type { StoredMessage } from '@longwave/messaging/contract';
import type { Logger } from '@longwave/runtime';
import type { EntryLog } from '../domain/entry-log.ts';
import { entryOf } from '../domain/entry.ts';
import { slicesOf } from '../domain/slices.ts';
import { inTurns } from './in-turns.ts';

/** As text in a statement a payload has twice its size, and there it is held several times. */
const STATEMENT_BYTES_MAX = 8 * 1024 * 1024;

/** What it returns resolves when all of `messages` are entries. Several streams may share it. */
export function recordMessages(log: EntryLog, logger: Logger): (messages: readonly StoredMessage[]) => Promise<void> {
  const write = inTurns(async (entries) => {
    const { count, impostors } = await log.record(entries);
    logger.info({ recorded: count, known: entries.length - count }, 'messages recorded');
    for (const { messageId, subject, stream, streamSequence } of impostors) {
      logger.error(
        { messageId, subject, stream, streamSequence },
        'another message has this id already; this one is not recorded', // (A3)
      );
    }
  }, STATEMENT_BYTES_MAX);
  return async (messages) => {
    for (const slice of slicesOf(messages.map(entryOf), STATEMENT_BYTES_MAX)) await write(slice);
  };
}
