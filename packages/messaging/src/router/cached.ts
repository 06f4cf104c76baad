// Answers that are given again for a while, instead of being worked out again.
//
// S9  an answer is given again to the same question of the same actor for `ttlMs`, and no longer; a failure never is.
//     Questions that come before the first answer each work it out. At most `entriesMax` answers are kept, the oldest go.
import { serialize } from 'node:v8';
import { checkCount } from '../consume/check-options.ts';
import { answerLater } from '../request/answer.ts';
import type { Time } from '../time.ts';
import type { ArrivedRequest, Middleware } from './middleware.ts';

export type CacheOptions = {
  readonly ttlMs: number;
  readonly time: Time;
  /** Default: 1000. */
  readonly entriesMax?: number;
  /** What makes two requests of a type the same. Default: their data and their actor. */
  readonly keyOf?: (request: ArrivedRequest['message']) => string;
};

const ENTRIES_MAX_DEFAULT = 1_000;

type Entry = { readonly answer: unknown; readonly since: number };

/** For requests that change nothing. Throws RangeError for limits that are none. */
export function cached(options: CacheOptions): Middleware<object, object, ArrivedRequest> {
  const { ttlMs, time, entriesMax = ENTRIES_MAX_DEFAULT, keyOf = dataAndActor } = options;
  if (!(ttlMs > 0)) throw new RangeError(`ttlMs is ${ttlMs}; it is more than 0`);
  checkCount('entriesMax', entriesMax);
  const entries = new Map<string, Entry>();
  return async ({ name, message }, _context, next) => {
    const key = `${name} ${keyOf(message)}`;
    const known = entries.get(key);
    if (known !== undefined && isFresh(time.now().getTime() - known.since, ttlMs)) return known.answer;
    entries.delete(key);
    const answer = await next({});
    if (answer === answerLater) return answer;
    const [oldest] = entries.keys();
    if (oldest !== undefined && entries.size >= entriesMax) entries.delete(oldest);
    entries.set(key, { answer, since: time.now().getTime() });
    return answer;
  };
}

/** A clock that is set back makes an answer at most twice as old as it may be; timers would outlive the server. */
function isFresh(ageMs: number, ttlMs: number): boolean {
  return ageMs >= 0 && ageMs < ttlMs;
}

/** Not JSON, which has no big integers and takes all maps for the same. */
const dataAndActor = ({ data, actor }: ArrivedRequest['message']): string =>
  serialize([actor ?? null, data]).toString('base64');
