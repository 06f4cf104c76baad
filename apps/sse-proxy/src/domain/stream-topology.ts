// The streams that browsers can reach, and the short tag by which a cursor names each of them.
import { parseFilter, type SubjectFilter } from '@longwave/messaging/contract';

export type KnownStream = {
  readonly name: string;
  readonly tag: string;
  /** What the stream keeps. */
  readonly subjects: SubjectFilter;
};

/**
 * `subjects` by stream name. The result is sorted by name, so that every node writes cursors in the same order.
 * Throws TypeError when two names have the same tag: cursors could not tell them apart.
 */
export function streamTopology(subjects: Readonly<Record<string, string>>): readonly KnownStream[] {
  const streams = Object.entries(subjects)
    .map(([name, filter]) => ({ name, tag: streamTag(name), subjects: parseFilter(filter) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const tags = new Set(streams.map(({ tag }) => tag));
  if (tags.size < streams.length) throw new TypeError('two stream names have the same tag; rename one of them');
  return streams;
}

/** At most 7 characters of 0–9 a–z. A hash, because four names of 64 characters do not fit into a cursor. */
export function streamTag(name: string): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return (hash >>> 0).toString(36);
}

/** FNV-1a, 32 bits: the same on every node and in every version. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
