// Of those who pull one durable consumer exclusively, the one that gets its messages. As with JetStream, whoever dies
// keeps the group for a while, because nobody can know at once; unlike there, the broker gives what the dead one had in
// hand to the next one without waiting for the ack wait.
import type { Time } from '../time.ts';
import { Soon } from './soon.ts';

/** As the JetStream back-end's. */
const FREE_AFTER_MS = 1_700;

export type Contender = {
  /** It has the group. `isRepeated`: what was in hand before must come again. */
  readonly begin: (isRepeated: boolean) => void;
};

export class MemoryGroup {
  readonly #time: Time;
  readonly #advancing: Soon;
  /** The first has the group, unless it is not free yet. */
  readonly #contenders = new Set<Contender>();
  #active: Contender | null = null;
  #isRepeated = false;
  #isFree = true;

  constructor(time: Time) {
    this.#time = time;
    this.#advancing = new Soon(time, () => this.#advance());
  }

  join(contender: Contender): void {
    this.#contenders.add(contender);
    this.#advancing.schedule();
  }

  has(contender: Contender): boolean {
    return this.#active === contender;
  }

  /** `isSettled`: it has nothing in hand; otherwise the group is free only when everybody must have noticed. */
  leave(contender: Contender, isSettled: boolean): void {
    this.#contenders.delete(contender);
    if (this.#active !== contender) return;
    this.#active = null;
    this.#isRepeated = !isSettled;
    if (isSettled) return this.#advancing.schedule();
    this.#isFree = false;
    this.#time.after(FREE_AFTER_MS, () => {
      this.#isFree = true;
      this.#advance();
    });
  }

  #advance(): void {
    const [next] = this.#contenders;
    if (!this.#isFree || this.#active !== null || next === undefined) return;
    this.#active = next;
    next.begin(this.#isRepeated);
  }
}
