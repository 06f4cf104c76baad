// How the instants of an answer are written. Kept for one answer only, so that nothing grows.
import { formatInstant } from '../time/local-time.ts';

/** Writes instants as formatInstant does, each only once: nearly every entry begins where another ends. */
export function instantFormat(zone: string): (instantMs: number) => string {
  const texts = new Map<number, string>();
  return (instantMs) => {
    const text = texts.get(instantMs) ?? formatInstant(zone, instantMs);
    texts.set(instantMs, text);
    return text;
  };
}
