// From the disk to the broker. A message waits for the one before it with the same key, and for the one before it on the
// same subject; apart from that all of a window are on their way at once.
//
// Keys are what order is promised for. Subjects are waited for, too, because the newest message on a subject is what
// tells whether one is stored. (B2)
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Publisher } from '../ports.ts';
import { endsWithin, pause, type Time } from '../time.ts';
import type { Doubts } from './doubts.ts';
import type { Progress } from './progress.ts';
import type { Read } from './read-log.ts';
import type { BufferedMessage } from './scan-segment.ts';
import type { Settled } from './settled.ts';

/** What of the buffer is in memory, however much is on disk. (B6) */
const WINDOW_MAX = 1_024;
const WINDOW_BYTES_MAX = 8 * 1024 * 1024;
/** Short: the broker must still know the id when the publisher sends a message again by itself. */
const PUBLISH_WITHIN_MS = 5_000;
const RETRY_WAIT_MS = 250;
const READ_RETRY_WAIT_MS = 1_000;

export type SenderOptions = {
  readonly publisher: Publisher;
  /** Everything from a number on, without an end while `signal` is not aborted. */
  readonly read: (from: number, signal: AbortSignal) => AsyncIterable<Read>;
  readonly settled: Settled;
  readonly doubts: Doubts;
  readonly progress: Progress;
  /** It can never be sent: keeps it. Rejects when it cannot be kept yet. */
  readonly onRefused: (message: BufferedMessage['message'], error: PublishError) => Promise<void>;
  /** `count` messages that could not be read are given up. */
  readonly onMissing: (count: number) => void;
  readonly onSettled: () => void;
  readonly log: Log;
  readonly time: Time;
};

export class Sender {
  readonly #options: SenderOptions;
  readonly #stopping = new AbortController();
  /** The last message that others have to wait for, by what they share with it. */
  readonly #tails = new Map<string, Promise<void>>();
  /** What is in memory; the first is the oldest. */
  readonly #window = new Map<number, BufferedMessage>();
  #windowBytes = 0;
  #awaitRoom = Promise.withResolvers<void>();
  #running: Promise<void>;
  #readFailure: string | null = null;
  /** Why a message could not be sent so far, by its number. */
  readonly #failures = new Map<number, string>();

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Why messages do not flow at the moment. */
  get failure(): string | null {
    const [sendFailure = null] = this.#failures.values();
    return this.#readFailure ?? sendFailure;
  }

  /** When the oldest message that is not settled was buffered; null when there is none, or it was not read yet. */
  get oldestAtMs(): number | null {
    for (const { bufferedAtMs } of this.#window.values()) return bufferedAtMs;
    return null;
  }

  /** Sends nothing more; what is on its way may take `withinMs` to be acknowledged. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    this.#awaitRoom.resolve();
    await this.#running;
    await endsWithin(this.#options.time, withinMs, Promise.all(this.#tails.values()));
  }

  async #run(): Promise<void> {
    const { settled, time, log } = this.#options;
    const { signal } = this.#stopping;
    let from = settled.below;
    while (!signal.aborted) {
      try {
        for await (const read of this.#options.read(from, signal)) {
          this.#readFailure = null;
          from = read.kind === 'missing' ? read.end : read.record.number + 1;
          await this.#take(read);
          if (signal.aborted) return;
        }
      } catch (error) {
        this.#readFailure = error instanceof Error ? error.message : String(error);
        log.error({ err: error }, 'the buffer cannot be read back');
        await pause(time, READ_RETRY_WAIT_MS, signal);
      }
    }
  }

  async #take(read: Read): Promise<void> {
    const { settled, progress, onMissing } = this.#options;
    const { signal } = this.#stopping;
    if (read.kind === 'missing') {
      const count = settled.add(read.from, read.end);
      if (count > 0) onMissing(count);
      return this.#noteSettled();
    }
    if (settled.has(read.record.number)) return;
    while (this.#isFull() && !signal.aborted) await this.#awaitRoom.promise;
    await progress.allowSending(read.record.number, signal);
    if (!signal.aborted) this.#start(read.record);
  }

  #isFull(): boolean {
    return this.#window.size >= WINDOW_MAX || this.#windowBytes >= WINDOW_BYTES_MAX;
  }

  #start(record: BufferedMessage): void {
    const { number, message } = record;
    const shared = [`key ${message.key}`, `subject ${message.subject}`];
    this.#window.set(number, record);
    this.#windowBytes += message.payload.byteLength;
    const before = shared.map((name) => this.#tails.get(name) ?? Promise.resolve());
    const ended: Promise<void> = Promise.all(before)
      .then(() => this.#deliver(record))
      .then(() => this.#leave(record, shared, ended));
    for (const name of shared) this.#tails.set(name, ended);
  }

  #leave({ number, message }: BufferedMessage, shared: readonly string[], ended: Promise<void>): void {
    this.#window.delete(number);
    this.#failures.delete(number);
    this.#windowBytes -= message.payload.byteLength;
    for (const name of shared) if (this.#tails.get(name) === ended) this.#tails.delete(name);
    const awaited = this.#awaitRoom;
    this.#awaitRoom = Promise.withResolvers();
    awaited.resolve();
  }

  /** Ends when the message is settled, or when the sender stops. Never rejects. */
  async #deliver(record: BufferedMessage): Promise<void> {
    const { settled, time, log } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted && !settled.has(record.number)) {
      try {
        await this.#send(record);
        if (settled.add(record.number) > 0) this.#noteSettled();
      } catch (error) {
        if (signal.aborted) return;
        this.#failures.set(record.number, error instanceof Error ? error.message : String(error));
        log.debug({ err: error, key: record.message.key }, 'a buffered message could not be sent yet');
        await pause(time, RETRY_WAIT_MS, signal);
      }
    }
  }

  /** Resolves when the broker has it, or refuses it for good. */
  async #send(record: BufferedMessage): Promise<void> {
    const { publisher, doubts, onRefused } = this.#options;
    const { signal } = this.#stopping;
    if (await doubts.isStored(record)) return;
    signal.throwIfAborted();
    try {
      await publisher.publish(record.message, { deadlineMs: PUBLISH_WITHIN_MS });
    } catch (error) {
      signal.throwIfAborted(); // the disk is not ours any more
      if (!(error instanceof PublishError) || error.code === 'unknown') doubts.renew(record);
      else if (error.code === 'refused') return await onRefused(record.message, error);
      throw error;
    }
  }

  #noteSettled(): void {
    this.#options.progress.note();
    this.#options.onSettled();
  }
}
