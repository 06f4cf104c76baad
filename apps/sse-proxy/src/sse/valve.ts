// The outlet of one client, and whether it is open. A client whose socket takes no more is parked: nothing is written
// to it, and nothing is kept for it. (U1, S4)
import type { Outlet, OutletListener } from './outlet.ts';
import type { Tally } from './tally.ts';

/**
 * How long a batch that was read from the broker waits for a socket. Long enough for a reader that is merely slower
 * than we are, which would have most of it read again after every write; short enough for those who wait at the gate.
 */
const PATIENCE_MS = 200;

export interface ValveListener {
  onParked(): void;
  onOpen(): void;
  onClosed(): void;
}

export class Valve implements OutletListener {
  readonly #outlet: Outlet;
  readonly #tally: Tally;
  readonly #listener: ValveListener;
  #isParked = false;
  #isClosed = false;
  /** Who waits for it to open or close. */
  #awaiting: ((isOpen: boolean) => void) | null = null;

  constructor(outlet: Outlet, tally: Tally, listener: ValveListener) {
    this.#outlet = outlet;
    this.#tally = tally;
    this.#listener = listener;
    outlet.listen(this);
  }

  get isParked(): boolean {
    return this.#isParked;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  onWritable(): void {
    if (this.#release()) this.#listener.onOpen();
    this.#awaiting?.(true);
  }

  onClosed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#release();
    this.#listener.onClosed();
    this.#awaiting?.(false);
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

  /** Of a parked one: whether it opens within PATIENCE_MS. One caller at a time. */
  opens(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isOpen: boolean): void => {
        clearTimeout(timer);
        this.#awaiting = null;
        resolve(isOpen);
      };
      const timer = setTimeout(settle, PATIENCE_MS, false);
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
