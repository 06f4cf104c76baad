// The messages on disk, as a row of segments. The last one is written to; a new process begins a new one, and a segment
// is never written again once it is full. One may write (`append`, `sealOldest`, `removeAside`, `seal`) while another
// removes (`removeBefore`), but not two of a kind.
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';
import { encodeHeader, RECORD_HEADER_BYTES } from './record.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, segmentName, type Segment } from './segment.ts';

export type Unwritten = { readonly bufferedAtMs: number; readonly body: Buffer };

export type SegmentLogOptions = {
  readonly disk: Disk;
  readonly directory: string;
  readonly segmentBytesMax: number;
  /** A number of 32 bits that nobody can guess. */
  readonly newSalt: () => number;
};

export type FoundSegments = {
  /** In order; each begins behind the one before it. */
  readonly segments: readonly Segment[];
  /** The number of the message that is written next. */
  readonly next: number;
  /** Segments that are kept for somebody to look at. */
  readonly asides: readonly Aside[];
};

export type Aside = { readonly path: string; readonly bytes: number };

/** `hasRest`: behind the synced bytes there may be some that nobody was told of. */
type Active = { readonly segment: Segment; readonly file: DiskFile; hasRest: boolean };

/** What a message takes on disk. */
export function recordBytes({ body }: Unwritten): number {
  return RECORD_HEADER_BYTES + body.byteLength;
}

export class SegmentLog {
  readonly #options: SegmentLogOptions;
  readonly #segments: Segment[];
  readonly #asides: Aside[];
  #active: Active | null = null;
  #next: number;
  #bytes: number;

  constructor(options: SegmentLogOptions, { segments, next, asides }: FoundSegments) {
    this.#options = options;
    this.#segments = [...segments];
    this.#asides = [...asides];
    this.#next = next;
    this.#bytes = [...segments, ...asides].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The number of the message that is written next: all before it are synced. */
  get next(): number {
    return this.#next;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The first segment with messages at or after `number`; null when there is none. */
  segmentAt(number: number): Segment | null {
    const found = this.#segments.findLast(({ first }) => first <= number) ?? this.#segments[0];
    if (found === undefined) return null;
    return this.endOf(found) > number ? found : (this.#segments[this.#segments.indexOf(found) + 1] ?? null);
  }

  /** The number behind the last message of a segment. */
  endOf(segment: Segment): number {
    return this.#segments[this.#segments.indexOf(segment) + 1]?.first ?? this.#next;
  }

  has(segment: Segment): boolean {
    return this.#segments.includes(segment);
  }

  /** Resolves when all of them are synced; otherwise none of them is there. (B1, B8) */
  async append(messages: readonly Unwritten[]): Promise<void> {
    const active = await this.#writable();
    const { segment, file } = active;
    const parts = messages.flatMap(({ body, bufferedAtMs }, index) => [
      encodeHeader(this.#next + index, bufferedAtMs, body, segment.salt),
      body,
    ]);
    const bytes = Buffer.concat(parts);
    active.hasRest = true;
    await file.write(segment.bytes, bytes);
    await file.sync();
    active.hasRest = false;
    this.#next += messages.length;
    this.#grow(segment, bytes.byteLength);
  }

  /** Removes the segments with nothing at or after `number`, apart from the one that is written to. (B3) */
  async removeBefore(number: number): Promise<void> {
    for (;;) {
      const [oldest] = this.#segments;
      if (oldest === undefined || oldest === this.#active?.segment || this.endOf(oldest) > number) return;
      if (oldest.isDamaged) await this.#setAside(oldest);
      else await this.#remove(oldest);
    }
  }

  /** Removes one of the segments that were kept for somebody to look at; resolves with whether there was one. */
  async removeAside(): Promise<boolean> {
    const [aside] = this.#asides;
    if (aside === undefined) return false;
    await this.#options.disk.remove(aside.path);
    this.#asides.shift();
    this.#bytes -= aside.bytes;
    return true;
  }

  /** Makes sure that the oldest segment is not written to any more. Resolves with its end; null when there is none. */
  async sealOldest(): Promise<number | null> {
    const [oldest] = this.#segments;
    if (oldest === undefined) return null;
    if (oldest === this.#active?.segment) await this.seal();
    return this.endOf(oldest);
  }

  /** What is written next goes into a new segment. */
  async seal(): Promise<void> {
    const active = this.#active;
    if (active === null) return;
    await removeRest(active);
    this.#active = null;
    await active.file.close();
  }

  async #writable(): Promise<Active> {
    if (this.#active !== null) await removeRest(this.#active);
    if (this.#active !== null && this.#active.segment.bytes >= this.#options.segmentBytesMax) await this.seal();
    this.#active ??= await this.#create();
    return this.#active;
  }

  async #create(): Promise<Active> {
    const { disk, directory, newSalt } = this.#options;
    const salt = newSalt();
    const path = join(directory, segmentName(this.#next, salt));
    const file = await disk.create(path);
    try {
      await file.write(0, encodeSegmentHeader());
      await file.sync();
      await disk.syncFolder(directory);
    } catch (error) {
      // It holds nothing, and whoever opens the folder next removes it.
      await file.close();
      throw error;
    }
    const segment: Segment = { path, first: this.#next, salt, bytes: 0, isDamaged: false };
    this.#segments.push(segment);
    this.#grow(segment, SEGMENT_HEADER_BYTES);
    return { segment, file, hasRest: false };
  }

  #grow(segment: Segment, byteCount: number): void {
    segment.bytes += byteCount;
    this.#bytes += byteCount;
  }

  async #remove(segment: Segment): Promise<void> {
    await this.#options.disk.remove(segment.path);
    this.#forget(segment);
    this.#bytes -= segment.bytes;
  }

  /** (B5) */
  async #setAside(segment: Segment): Promise<void> {
    const path = `${segment.path}.damaged`;
    await this.#options.disk.rename(segment.path, path);
    this.#forget(segment);
    this.#asides.push({ path, bytes: segment.bytes });
  }

  #forget(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
  }
}

/**
 * Takes away what a write that failed has left. After a failed sync nobody knows which of its pages are on disk, so none
 * is trusted, and nothing is written until the file ends again where it was last synced. (B8)
 */
async function removeRest(active: Active): Promise<void> {
  if (!active.hasRest) return;
  await active.file.truncate(active.segment.bytes);
  await active.file.sync();
  active.hasRest = false;
}
