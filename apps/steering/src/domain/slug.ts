// A show's name in addresses: ASCII words joined by hyphens, derived from its name and unique in the station.
import { foldText } from './folded-text.ts';

/** Leaves room for the number that makes it unique; the column and the contract allow 255. */
const LENGTH_MAX = 240;

/** For a name without a single Latin letter or digit. */
const NAMELESS = 'show';

/** `Ö1 – Don’t Panic!` → `o1-dont-panic`. */
export function slugOf(name: string): string {
  const words =
    foldText(name)
      .replaceAll(/['’]/g, '')
      .match(/[a-z0-9]+/g) ?? [];
  const slug = words.join('-').slice(0, LENGTH_MAX).replace(/-$/, '');
  return slug === '' ? NAMELESS : slug;
}

/** The names to try when `base` is taken: `base-2`, `base-3`, …; `count` of them, beginning with the number `first`. */
export function numberedSlugs(base: string, first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${base}-${first + index}`);
}
