// How every test waits: for a condition, with a deadline, and never for a time to pass. Who gives up says what for.
import { eventually } from '../eventually.ts';

const POLL_MS = 10;
/** Shorter than any of Jest's deadlines for tests with servers, so that it is this that names what did not happen. */
const DEADLINE_MS = 10_000;

/**
 * Asks `condition` every 10 ms until it gives something other than `undefined` and `false`, and gives that. Rejects with
 * an Error that names `what` when it has not within `deadlineMs`. What `condition` throws passes through.
 */
export async function until<Value>(
  what: string,
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<Value> {
  const ask = async (): Promise<Value | undefined> => {
    const value = await condition();
    return value === false ? undefined : value;
  };
  const found = await eventually(ask, deadlineMs, POLL_MS);
  if (found === undefined) throw new Error(`not within ${deadlineMs} ms: ${what}`);
  return found;
}
