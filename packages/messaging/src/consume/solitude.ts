// Handlers that run side by side, and one that has to run alone. Whoever comes after one who waits to be alone waits
// behind it, so that its turn comes.
//
// A handler that never ends must not keep the others waiting for ever: whoever has run for half a minute, alone or not,
// is counted no longer. It has shown that it does not kill its process at once.
import { pause, type Time } from '../time.ts';

const PATIENCE_MS = 30_000;

/** For `leave`: a place that was counted no longer is not given up twice. */
export type Ticket = { readonly round: number };

type Waiting = {
  readonly wants: 'company' | { readonly crashes: number };
  readonly signal: AbortSignal;
  readonly begin: () => void;
};

/**
 * Consumptions of one process share one: who is alone is alone in the process, and no message of one group pays for a
 * killer of another.
 */
export class Solitude {
  readonly #time: Time;
  #waiting: Waiting[] = [];
  /** How many run side by side. */
  #together = 0;
  #isTaken = false;
  #ticket: Ticket = { round: 0 };
  #cancelPatience: (() => void) | null = null;

  constructor(time: Time) {
    this.#time = time;
  }

  /** A place beside the others; null when one must wait for it. */
  tryEnter(): Ticket | null {
    if (this.#isTaken || this.#waiting.length > 0) return null;
    this.#together += 1;
    return this.#ticket;
  }

  /** Waits for a place beside the others; null when `signal` is aborted first. */
  async enter(signal: AbortSignal): Promise<Ticket | null> {
    return (await this.#turn('company', signal)) ? this.#ticket : null;
  }

  leave(ticket: Ticket): void {
    if (ticket !== this.#ticket) return;
    this.#together -= 1;
    this.#advance();
  }

  /**
   * Runs `work` while nothing else runs. Of those who wait, whoever has `crashes` the fewest is first: an innocent one
   * runs before a killer ends the process once more. Null when `stopping` is aborted before it has begun; once
   * `abandoning` is, nobody waits for its end.
   */
  async alone<Result>(
    crashes: number,
    { stopping, abandoning }: { readonly stopping: AbortSignal; readonly abandoning: AbortSignal },
    work: () => Promise<Result>,
  ): Promise<Result | null> {
    if (!(await this.#turn({ crashes }, stopping))) return null;
    const ended = new AbortController();
    const running = work().finally(() => ended.abort());
    await pause(this.#time, PATIENCE_MS, AbortSignal.any([ended.signal, abandoning]));
    this.#isTaken = false;
    this.#advance();
    return running;
  }

  #turn(wants: Waiting['wants'], signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      this.#waiting.push({ wants, signal, begin });
      const giveUp = (): void => {
        // All that this signal is for: none of them may begin because another of them has made room.
        this.#waiting = this.#waiting.filter((one) => !one.signal.aborted);
        resolve(false);
        this.#advance();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#advance();
    });
  }

  #advance(): void {
    for (let next = this.#next(); next !== null && !this.#isTaken; next = this.#next()) {
      if (next.wants !== 'company' && this.#together > 0) {
        this.#cancelPatience ??= this.#time.after(PATIENCE_MS, () => this.#losePatience());
        return;
      }
      if (next.wants === 'company') this.#together += 1;
      else this.#isTaken = true;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      next.begin();
    }
    this.#cancelPatience?.();
    this.#cancelPatience = null;
  }

  #next(): Waiting | null {
    const [first = null] = this.#waiting;
    if (first === null || first.wants === 'company') return first;
    return this.#waiting.reduce((best, one) => (crashesOf(one) < crashesOf(best) ? one : best), first);
  }

  #losePatience(): void {
    this.#cancelPatience = null;
    this.#ticket = { round: this.#ticket.round + 1 };
    this.#together = 0;
    this.#advance();
  }
}

function crashesOf({ wants }: Waiting): number {
  return wants === 'company' ? Number.POSITIVE_INFINITY : wants.crashes;
}
