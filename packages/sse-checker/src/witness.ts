// What one client may and may not be told, as a plain state machine: fed with what the client saw, it says what was
// wrong with it. Messages of a channel are numbered from 1 and published in that order.
//
// W1  once a client is connected, every message of every channel that is published from then on reaches it: the next
//     number, and no other; else it is a `loss`, unless a gap was announced since the last message of that channel.
// W2  no message comes twice (`duplicate`), and none after a later one of its channel (`disorder`).
// W3  when all is quiet, the last message published is the last one seen; else the end is lost.
import type { Numbered } from './target.ts';

export type Violation = {
  readonly kind: 'loss' | 'duplicate' | 'disorder';
  readonly channel: number;
  /** Which number was expected, and which came; null: none came. */
  readonly expected: number;
  readonly received: number | null;
};

type Seen = {
  /** The highest number seen, or the last one that need not come. */
  last: number;
  /** Whether anything of the channel has come: before that, messages from before the connection may. */
  hasBegun: boolean;
  /** A gap was announced since: the next number may be any later one. */
  isExcused: boolean;
  /** Numbers that were passed over and may still come, too late. */
  readonly missing: Set<number>;
};

/** Enough to tell a late message from a repeated one; the loss itself has been told already. */
const MISSING_MAX = 10_000;

export class Witness {
  readonly #channels: readonly Seen[];

  /** `attempted`: for each channel the last number whose publishing has begun when the client's stream is open. */
  constructor(attempted: readonly number[]) {
    this.#channels = attempted.map((last) => ({ last, hasBegun: false, isExcused: false, missing: new Set() }));
  }

  gap(): void {
    for (const channel of this.#channels) channel.isExcused = true;
  }

  /** What is wrong with this message coming now; undefined: nothing (W1, W2). */
  see({ channel, number }: Numbered): Violation | undefined {
    const seen = this.#channels[channel];
    if (seen === undefined) return undefined;
    const expected = seen.last + 1;
    // Begun before the client was there, and stored after: it may come, and fixes where the client began.
    const isFirst = !seen.hasBegun && number <= seen.last;
    seen.hasBegun = true;
    if (number === expected || isFirst) return this.#advance(seen, number);
    if (number < expected) {
      const kind = seen.missing.delete(number) ? 'disorder' : 'duplicate';
      return { kind, channel, expected, received: number };
    }
    const isExcused = seen.isExcused;
    for (let lost = expected; lost < number && seen.missing.size < MISSING_MAX; lost += 1) seen.missing.add(lost);
    this.#advance(seen, number);
    return isExcused ? undefined : { kind: 'loss', channel, expected, received: number };
  }

  /** What is missing at the end (W3). `published`: the last number of each channel. */
  missingAtEnd(published: readonly number[]): readonly Violation[] {
    return this.#channels.flatMap((seen, channel): Violation[] =>
      seen.last >= (published[channel] ?? 0) || seen.isExcused
        ? []
        : [{ kind: 'loss', channel, expected: seen.last + 1, received: null }],
    );
  }

  #advance(seen: Seen, number: number): undefined {
    seen.last = number;
    seen.isExcused = false;
  }
}
