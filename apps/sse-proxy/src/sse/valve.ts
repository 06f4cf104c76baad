// The outlet of one client, and whether it is open. A client whose socket takes no more is parked: nothing is written
// to it, and nothing is kept for it. (U1, S4)
import type { Outlet } from './outlet.ts';
import type { Tally } from './tally.ts';

export type ValveListener = {
  readonly onParked: () => void;
  readonly onOpen: () => void;
  readonly onClosed: () => void;
};

export class Valve {
  readonly #outlet: Outlet;
  readonly #tally: Tally;
  readonly #listener: ValveListener;
  #isParked = false;
  /** Who waits for it to open or close. */
  #awaiting: ((isOpen: boolean) => void) | null = null;

  constructor(outlet: Outlet, tally: Tally, listener: ValveListener) {
    this.#outlet = outlet;
    this.#tally = tally;
    this.#listener = listener;
    outlet.listen({
      onWritable: () => {
        if (this.#release()) listener.onOpen();
        this.#awaiting?.(true);
      },
      onClosed: () => {
        this.#release();
        listener.onClosed();
        this.#awaiting?.(false);
      },
    });
  }

  get isParked(): boolean {
    return this.#isParked;
  }

  /** Must not be called while parked. `events` is how many of the client's events are in it. */
  write(blocks: Buffer, events: number): void {
    this.#tally.deliveries += events;
    this.#tally.bytes += blocks.length;
    if (this.#outlet.write(blocks)) return;
    this.#isParked = true;
    this.#tally.parked += 1;
    this.#listener.onParked();
  }

  /** Of a parked one: whether it opens within that time. One caller at a time. */
  opens(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isOpen: boolean): void => {
        clearTimeout(timer);
        this.#awaiting = null;
        resolve(isOpen);
      };
      const timer = setTimeout(settle, withinMs, false);
      this.#awaiting = settle;
    });
  }

  end(blocks: Buffer): void {
    this.#outlet.end(blocks);
  }

  destroy(): void {
    this.#outlet.destroy();
  }

  #release(): boolean {
    if (!this.#isParked) return false;
    this.#isParked = false;
    this.#tally.parked -= 1;
    return true;
  }
}
