// An end to handlers that wait for something that does not come. Consuming tells of them and keeps their leases, but ends
// none: it cannot know how long is too long.
//
// S7  a handler that takes too long is told through its signal and fails at once: an event has had an attempt, a request
//     is answered 504. What it still does then is its own; effects that must not happen twice go with `effectOnce`.
import type { Time } from '../time.ts';
import { Refusal } from '../request/errors.ts';
import type { Middleware } from './middleware.ts';

/** A handler took longer than it may. The message is tried again, as its queue says. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
  readonly code = 'time-limit';

  constructor(what: string, limitMs: number) {
    super(`${what} was not handled within ${limitMs} ms; its handler was told through its signal`);
  }
}

/** Throws RangeError for a limit that is none. */
export function timeLimit({
  limitMs,
  time,
}: {
  readonly limitMs: number;
  readonly time: Time;
}): Middleware<{ readonly signal: AbortSignal }> {
  if (!(limitMs > 0)) throw new RangeError(`limitMs is ${limitMs}; it is more than 0`);
  return async ({ kind, name }, { signal, log }, next) => {
    const limit = new AbortController();
    const giveUp = (): void => limit.abort(signal.reason);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const late = Promise.withResolvers<never>();
    const cancel = time.after(limitMs, () => {
      const error = new TimeLimitError(name, limitMs);
      limit.abort(error);
      late.reject(kind === 'event' ? error : new Refusal(504, `not answered within ${limitMs} ms`, { cause: error }));
    });
    const work = next({ signal: limit.signal });
    // Whoever lost the race has nobody left who wants to know how it ended.
    work.catch((error: unknown) => {
      if (limit.signal.aborted) log.debug({ err: error, type: name }, 'a handler failed after its time limit');
    });
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
    }
  };
}
