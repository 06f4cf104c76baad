// The newest events of one stream, encoded, bounded by bytes. Everyone who hears the stream reads from here; who is
// further back than it reaches reads the stream itself.
import type { Position } from '../domain/cursor.ts';

/** A position as a feed knows it. */
export type FeedPosition = Position & {
  /** Which life of the stream it belongs to: another one after the stream was recreated or restored. */
  readonly generation: number;
  /** Its part of a cursor, made once. */
  readonly text: string;
};

export type RingEntry = {
  readonly position: FeedPosition;
  readonly subject: string;
  readonly data: Buffer;
  readonly storedAtMs: number;
};

/** What an entry costs besides its data, roughly: objects and the cursor's text. */
const ENTRY_OVERHEAD_BYTES = 256;

export class Ring {
  readonly #bytesMax: number;
  /** Entries before `#first` are gone; they are cut off in bulk, because shifting an array costs its length. */
  #entries: (RingEntry | null)[] = [];
  #first = 0;
  #bytes = 0;
  #floor: FeedPosition;

  constructor(bytesMax: number, floor: FeedPosition) {
    this.#bytesMax = bytesMax;
    this.#floor = floor;
  }

  /** The ring holds everything after this, up to `last`. */
  get floor(): FeedPosition {
    return this.#floor;
  }

  get last(): FeedPosition {
    return this.#entries.at(-1)?.position ?? this.#floor;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Sequences must rise. The newest entry stays, however large it is. */
  push(entry: RingEntry): void {
    this.#entries.push(entry);
    this.#bytes += costOf(entry.data);
    while (this.#bytes > this.#bytesMax && this.#first < this.#entries.length - 1) this.#dropOldest();
    if (this.#first > 1024 && this.#first * 2 > this.#entries.length) this.#compact();
  }

  /** Forgets everything; the ring goes on after `floor`. */
  restart(floor: FeedPosition): void {
    this.#entries = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#floor = floor;
  }

  /** Forgets what came after `position`. */
  cutAfter(position: FeedPosition): void {
    if (this.#floor.sequence >= position.sequence) return this.restart(position);
    const cut = this.#entries.splice(this.#indexAfter(position.sequence));
    for (const entry of cut) this.#bytes -= entry === null ? 0 : costOf(entry.data);
  }

  /** The position of exactly this sequence, if the ring knows it. */
  find(sequence: number): FeedPosition | undefined {
    if (sequence === this.#floor.sequence) return this.#floor;
    const position = this.#entries[this.#indexAfter(sequence - 1)]?.position;
    return position?.sequence === sequence ? position : undefined;
  }

  /** Entries after `sequence`, oldest first. Valid until the ring changes. */
  *after(sequence: number): Iterable<RingEntry> {
    for (let index = this.#indexAfter(sequence); index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry) yield entry;
    }
  }

  /** Entries after `floor`, newest first. Valid until the ring changes. */
  *backwards(): Iterable<RingEntry> {
    for (let index = this.#entries.length - 1; index >= this.#first; index -= 1) {
      const entry = this.#entries[index];
      if (entry) yield entry;
    }
  }

  /** Binary search for the first entry above `sequence`. */
  #indexAfter(sequence: number): number {
    let low = this.#first;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.position.sequence ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #dropOldest(): void {
    const oldest = this.#entries[this.#first];
    this.#entries[this.#first] = null;
    this.#first += 1;
    if (!oldest) return;
    this.#bytes -= costOf(oldest.data);
    this.#floor = oldest.position;
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}

function costOf(data: Buffer): number {
  return data.length + ENTRY_OVERHEAD_BYTES;
}
