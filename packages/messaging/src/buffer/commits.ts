// Takes messages to disk. Those that come while the disk syncs are written together and share the next sync, so that a
// hundred publishers cost hardly more than one. (B1)
import { BufferError } from './buffer-error.ts';
import { recordBytes, type Unwritten } from './segment-log.ts';

type Waiting = {
  readonly unwritten: Unwritten;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export type CommitsOptions = {
  /** Of one write. */
  readonly batchBytesMax: number;
  /** Whether so many bytes may wait for their turn. */
  readonly hasRoom: (byteCount: number) => boolean;
  /** Writes and syncs. Throws BufferError, and nothing is written then. */
  readonly commit: (messages: readonly Unwritten[], byteCount: number) => Promise<void>;
};

export class Commits {
  readonly #options: CommitsOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;
  #failure: string | null = null;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /** Why the last message was not taken; null when it was. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Resolves when the message is synced. Throws BufferError: `buffer-full`, `buffer-disk-failed`. */
  add(unwritten: Unwritten): Promise<void> {
    const byteCount = recordBytes(unwritten);
    if (!this.#options.hasRoom(this.#waitingBytes + byteCount)) {
      const error = full();
      this.#failure = error.message;
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unwritten, resolve, reject });
      this.#waitingBytes += byteCount;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all that was added has been written, or has failed. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    // What is added in the same turn is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#take());
    // In the turn of the look above: whoever adds after it starts a new run.
    this.#running = null;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const messages = batch.map(({ unwritten }) => unwritten);
    const byteCount = bytesOf(batch);
    try {
      await this.#options.commit(messages, byteCount);
      this.#failure = null;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      for (const { reject } of batch) reject(error);
    } finally {
      this.#waitingBytes -= byteCount;
    }
  }

  #take(): readonly Waiting[] {
    let byteCount = 0;
    const end = this.#waiting.findIndex(({ unwritten }, index) => {
      byteCount += recordBytes(unwritten);
      return index > 0 && byteCount > this.#options.batchBytesMax;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }
}

export function full(): BufferError {
  return new BufferError(
    'buffer-full',
    'the buffer is full: publish again when the broker has taken some of it, or give the buffer more room',
  );
}

function bytesOf(batch: readonly Waiting[]): number {
  return batch.reduce((sum, { unwritten }) => sum + recordBytes(unwritten), 0);
}
