// Ids for requests. `crypto.randomUUID` would be the obvious way, but browsers have it only on https and localhost,
// and a studio's network is often neither.

/** 128 random bits as hex. */
export function newId(random: Pick<Crypto, 'getRandomValues'>): string {
  const bytes = random.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
