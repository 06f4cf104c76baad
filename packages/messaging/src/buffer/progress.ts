// Writes down how far the buffer is, so that a later process neither sends again what is stored nor doubts what was never
// sent. It may lag behind: what it does not say yet is looked up at the broker then. (B2)
import type { Log } from '../log.ts';
import { pause, type Time } from '../time.ts';
import type { Position, PositionFile } from './position-file.ts';
import type { Settled } from './settled.ts';

/** So many messages may be sent before the next write. A new process looks at no more than these. */
const SENDING_AHEAD = 1_024;
/** A write costs the disk a sync, so that they are few; what is settled meanwhile costs a new process a question. */
const LAG_MS = 250;
const RETRY_WAIT_MS = 1_000;

export type ProgressOptions = {
  readonly file: PositionFile;
  readonly settled: Settled;
  /** The number from which on nothing was ever sent. */
  readonly sendingBelow: number;
  /** What the file says; null when that is doubtful. */
  readonly written: Position | null;
  /** Everything before this number is settled, and after any crash it is known to be. */
  readonly onWritten: (settledBelow: number) => Promise<void>;
  readonly log: Log;
  readonly time: Time;
};

export class Progress {
  readonly #options: ProgressOptions;
  #sendingBelow: number;
  #written: Position;
  #writing: Promise<void> = Promise.resolve();
  #cancelLag: (() => void) | null = null;
  #isClosed = false;
  #failure: string | null = null;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#sendingBelow = options.sendingBelow;
    this.#written = options.written ?? { settledBelow: 0, sendingBelow: 0 };
  }

  /** Why it cannot be written at the moment. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Resolves when it is known on disk that this message may be sent; at once when `signal` is aborted. */
  async allowSending(number: number, signal: AbortSignal): Promise<void> {
    while (number >= this.#written.sendingBelow && !signal.aborted) {
      this.#sendingBelow = Math.max(this.#sendingBelow, number + SENDING_AHEAD);
      if (!(await this.write())) await pause(this.#options.time, RETRY_WAIT_MS, signal);
    }
  }

  /** Something was settled: it is written soon. */
  note(): void {
    if (this.#isClosed) return;
    this.#cancelLag ??= this.#options.time.after(LAG_MS, () => {
      this.#cancelLag = null;
      void this.write().then((isWritten) => {
        if (!isWritten) this.note();
      });
    });
  }

  /** Writes what is not written yet. Resolves with whether that went well; never rejects. */
  write(): Promise<boolean> {
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.then(() => undefined);
    return written;
  }

  /** Nothing is written after this has resolved. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelLag?.();
    await this.write();
    await this.#options.file.close();
  }

  async #write(): Promise<boolean> {
    const { file, settled, onWritten, log } = this.#options;
    const position = { settledBelow: settled.below, sendingBelow: this.#sendingBelow };
    try {
      if (isOther(position, this.#written)) await file.write(position);
      this.#written = position;
      await onWritten(position.settledBelow);
      this.#failure = null;
      return true;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== this.#failure) log.warn({ err: error }, 'how far the buffer is could not be written down');
      this.#failure = failure;
      return false;
    }
  }
}

function isOther(one: Position, other: Position): boolean {
  return one.settledBelow !== other.settledBelow || one.sendingBelow !== other.sendingBelow;
}
