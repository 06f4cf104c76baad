// Which lane a key is in. The number is part of what is stored: changing it needs an empty outbox.

export const LANES = 8;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the key's UTF-16 units, spread over the lanes. */
export function laneOf(key: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), FNV_PRIME) >>> 0;
  }
  return hash % LANES;
}
