// Keys whose message could not be published: each waits by itself, while the others flow, and before it is tried again
// it is looked whether the message was stored after all. (O6, O8)
import type { Time } from '../time.ts';

const WAIT_MS_MIN = 250;
const WAIT_MS_MAX = 5_000;
/** A refusal will not pass by itself; somebody has to widen a limit or remove the row. */
const REFUSED_WAIT_MS = 30_000;
/** So many at once are no trouble of theirs: the broker is away, and reading further would only collect more. */
const WAITING_MAX = 500;

type Setback = {
  readonly lane: number;
  readonly isRefused: boolean;
  readonly waitMs: number;
  cancel: (() => void) | null;
};

export class KeySetbacks {
  readonly #time: Time;
  readonly #onWaited: () => void;
  readonly #byKey = new Map<string, Setback>();

  /** `onWaited`: some key may be tried again. */
  constructor(time: Time, onWaited: () => void) {
    this.#time = time;
    this.#onWaited = onWaited;
  }

  add(key: string, lane: number, isRefused: boolean): void {
    const before = this.#byKey.get(key)?.waitMs ?? WAIT_MS_MIN / 2;
    const waitMs = isRefused ? REFUSED_WAIT_MS : Math.min(before * 2, WAIT_MS_MAX);
    this.remove(key);
    const setback: Setback = { lane, isRefused, waitMs, cancel: null };
    setback.cancel = this.#time.after(waitMs, () => {
      setback.cancel = null;
      this.#onWaited();
    });
    this.#byKey.set(key, setback);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  remove(key: string): void {
    this.#byKey.get(key)?.cancel?.();
    this.#byKey.delete(key);
  }

  waitingKeys(): readonly string[] {
    return [...this.#byKey].filter(([, { cancel }]) => cancel !== null).map(([key]) => key);
  }

  get areTooMany(): boolean {
    return this.waitingKeys().length >= WAITING_MAX;
  }

  get refusedKeys(): readonly string[] {
    return [...this.#byKey].filter(([, { isRefused }]) => isRefused).map(([key]) => key);
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** Those that may be tried again. */
  dueKeys(): readonly string[] {
    return [...this.#byKey].filter(([, { cancel }]) => cancel === null).map(([key]) => key);
  }

  keepOnlyLanes(lanes: readonly number[]): void {
    for (const [key, { lane }] of this.#byKey) if (!lanes.includes(lane)) this.remove(key);
  }
}
