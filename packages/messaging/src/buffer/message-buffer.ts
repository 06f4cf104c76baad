// A buffer on disk between a client and the broker, for clients that must not lose what they cannot send: a playout box at
// a transmitter whose line is away for a day. What it promises (B1–B10) is in README.md, under "Buffer".
//
// It is no outbox: that a message exists if and only if a change in a database does, only an outbox can promise.
import type { OutgoingMessage } from '../contract/encode.ts';
import { complaintAbout } from '../contract/sendable.ts';
import { PublishError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createWaker, type Waker } from '../outbox/waker.ts';
import type { Publisher } from '../ports.ts';
import { endsWithin, type Time } from '../time.ts';
import { BufferError, onDisk } from './buffer-error.ts';
import { Commits, full } from './commits.ts';
import type { Disk } from './disk.ts';
import { segmentBytesMaxOf, type BufferFolder } from './open-folder.ts';
import { Progress } from './progress.ts';
import { readLog, type Read } from './read-log.ts';
import { encodeBody } from './record.ts';
import { recordBytes, type Unwritten } from './segment-log.ts';
import { Sender } from './sender.ts';

/** Messages that were taken and will not arrive. */
export type BufferLoss =
  /** There was no room, and `drop-oldest` is the policy. */
  | { readonly reason: 'dropped'; readonly count: number }
  /** The disk did not keep them; what is left of their segment is kept as `*.damaged`. */
  | { readonly reason: 'unreadable'; readonly count: number }
  /** The broker will never take it; it is kept in `refused.jsonl`, unless that has no room. */
  | { readonly reason: 'refused'; readonly count: 1; readonly message: OutgoingMessage; readonly error: PublishError };

export type BufferState = {
  /** How many wait for the broker. */
  readonly messages: number;
  /** What the folder takes, about. */
  readonly bytes: number;
  /** For how long the oldest has been waiting; null when none is, or it was not read back yet. */
  readonly oldestMs: number | null;
  /** Since the buffer was opened. */
  readonly lost: Readonly<Record<BufferLoss['reason'], number>>;
} & ({ readonly state: 'up' } | { readonly state: 'degraded'; readonly reason: string });

export type MessageBufferOptions = {
  readonly publisher: Publisher;
  readonly bytesMax: number;
  readonly whenFull: 'refuse' | 'drop-oldest';
  readonly onLoss: (loss: BufferLoss) => void;
  readonly log: Log;
  readonly time: Time;
  readonly disk: Disk;
};

/** One write: large enough for a burst, small enough that nobody waits long for a sync. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** What is written wakes the sender; this is how long its timer sleeps meanwhile. */
const IDLE_MS = 60_000;
const STOP_WITHIN_MS = 1_000;

export class MessageBuffer {
  readonly #options: MessageBufferOptions;
  readonly #folder: BufferFolder;
  readonly #commits: Commits;
  readonly #progress: Progress;
  readonly #sender: Sender;
  readonly #appended: Waker;
  readonly #lost = { dropped: 0, unreadable: 0, refused: 0 };
  #settledMore = Promise.withResolvers<void>();
  #closed: Promise<void> | null = null;

  constructor(options: MessageBufferOptions, folder: BufferFolder) {
    const { publisher, bytesMax, log, time } = options;
    const { settled, doubts, sendingBelow, written, positionFile } = folder;
    this.#options = options;
    this.#folder = folder;
    this.#appended = createWaker(time);
    this.#commits = new Commits({
      batchBytesMax: Math.min(BATCH_BYTES_MAX, segmentBytesMaxOf(bytesMax)),
      hasRoom: (byteCount) => this.#hasRoom(byteCount),
      commit: (messages, byteCount) => onDisk('writing to the buffer', () => this.#commit(messages, byteCount)),
    });
    this.#progress = new Progress({
      file: positionFile,
      settled,
      sendingBelow,
      written,
      onWritten: (settledBelow) => folder.segments.removeBefore(settledBelow),
      log,
      time,
    });
    this.#sender = new Sender({
      publisher,
      read: (from, signal) => this.#read(from, signal),
      settled,
      doubts,
      progress: this.#progress,
      onRefused: (message, error) => this.#keepRefused(message, error),
      onMissing: (count) => {
        log.error({ count }, 'buffered messages cannot be read; their segment is kept as .damaged');
        this.#lose({ reason: 'unreadable', count });
      },
      onSettled: () => this.#tellSettled(),
      log,
      time,
    });
  }

  /**
   * Resolves when the message is on disk: it will arrive, whatever happens to this process (B1). Throws BufferError:
   * `buffer-full`, `buffer-disk-failed`, `buffer-closed`; PublishError `refused` for what no broker could be sent, and for
   * what is larger than the whole buffer.
   */
  async publish(message: OutgoingMessage): Promise<void> {
    if (this.#closed !== null) throw new BufferError('buffer-closed', `message ${message.id}: the buffer is closed`);
    const complaint = complaintAbout(message);
    if (complaint !== null) throw new PublishError('refused', message.id, complaint);
    const unwritten = { body: encodeBody(message), bufferedAtMs: this.#options.time.now().getTime() };
    // That the buffer is full, which passes, would be no answer to this.
    const [bytes, bytesMax] = [recordBytes(unwritten), this.#options.bytesMax];
    if (bytes > bytesMax) throw new PublishError('refused', message.id, `it takes ${bytes} bytes of ${bytesMax}`);
    await this.#commits.add(unwritten);
  }

  state(): BufferState {
    const { segments, settled } = this.#folder;
    const { oldestAtMs } = this.#sender;
    const facts = {
      messages: segments.next - settled.below - settled.countAbove,
      bytes: this.#bytes,
      oldestMs: oldestAtMs === null ? null : Math.max(0, this.#options.time.now().getTime() - oldestAtMs),
      lost: { ...this.#lost },
    };
    const failure = this.#commits.failure ?? this.#progress.failure ?? this.#sender.failure;
    return failure === null ? { ...facts, state: 'up' } : { ...facts, state: 'degraded', reason: `buffer: ${failure}` };
  }

  /** Resolves with whether everything published before is settled within that time. (B10) */
  async flush({ withinMs }: { readonly withinMs: number }): Promise<boolean> {
    const waiting = { isWanted: true };
    const isSettled = this.#awaitSettled(waiting);
    const isInTime = await endsWithin(this.#options.time, withinMs, isSettled);
    waiting.isWanted = false;
    this.#tellSettled();
    return isInTime && (await isSettled);
  }

  /** Takes no more and sends no more; what is not acknowledged stays on disk. Ends within seconds. (B10) */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#commits.idle();
    const stopped = this.#sender.stop(STOP_WITHIN_MS);
    this.#appended.wake();
    await stopped;
    this.#tellSettled();
    await this.#closeFile('the last segment', () => this.#folder.segments.seal());
    await this.#closeFile('the position', () => this.#progress.close());
    this.#folder.lock.release();
  }

  /** A disk that fails now costs nothing: all of this is found out again by whoever opens the folder next. */
  async #closeFile(what: string, close: () => Promise<void>): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.#options.log.warn({ err: error }, `${what} of the buffer could not be closed`);
    }
  }

  async #awaitSettled(waiting: { readonly isWanted: boolean }): Promise<boolean> {
    const { segments, settled } = this.#folder;
    await this.#commits.idle();
    const end = segments.next;
    while (settled.below < end && waiting.isWanted && this.#closed === null) await this.#settledMore.promise;
    return settled.below >= end;
  }

  #tellSettled(): void {
    const told = this.#settledMore;
    this.#settledMore = Promise.withResolvers();
    told.resolve();
  }

  #read(from: number, signal: AbortSignal): AsyncIterable<Read> {
    const awaitMore = async (): Promise<boolean> => {
      if (!signal.aborted) await this.#appended.sleep(IDLE_MS);
      return !signal.aborted;
    };
    return readLog({ disk: this.#options.disk, log: this.#folder.segments, from, awaitMore });
  }

  get #bytes(): number {
    return this.#folder.segments.bytes + this.#folder.refused.bytes;
  }

  /** (B6) */
  #hasRoom(byteCount: number): boolean {
    const { bytesMax, whenFull } = this.#options;
    return byteCount + (whenFull === 'refuse' ? this.#bytes : this.#folder.refused.bytes) <= bytesMax;
  }

  async #commit(messages: readonly Unwritten[], byteCount: number): Promise<void> {
    while (this.#bytes + byteCount > this.#options.bytesMax) await this.#dropOldest();
    await this.#folder.segments.append(messages);
    this.#appended.wake();
  }

  /** (B6) What is kept aside goes first: it could not be sent anyway. */
  async #dropOldest(): Promise<void> {
    const { segments, settled } = this.#folder;
    if (this.#options.whenFull === 'refuse') throw full();
    if (await segments.removeAside()) return;
    const end = await segments.sealOldest();
    if (end === null) throw full();
    const count = settled.add(settled.below, end);
    if (count > 0) {
      this.#options.log.error({ count }, 'the buffer was full; its oldest messages were dropped');
      this.#lose({ reason: 'dropped', count });
      this.#tellSettled();
    }
    if (!(await this.#progress.write())) throw new Error(this.#progress.failure ?? 'the position cannot be written');
  }

  /** (B9) */
  async #keepRefused(message: OutgoingMessage, error: PublishError): Promise<void> {
    const { time, log } = this.#options;
    const isKept = await this.#folder.refused.keep(message, { reason: error.message, at: time.now() });
    log.error({ err: error, key: message.key, isKept }, 'the broker refuses a buffered message; it is set aside');
    this.#lose({ reason: 'refused', count: 1, message, error });
  }

  #lose(loss: BufferLoss): void {
    this.#lost[loss.reason] += loss.count;
    try {
      this.#options.onLoss(loss);
    } catch (error) {
      this.#options.log.error({ err: error }, 'whoever is told of a loss failed');
    }
  }
}
