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

/** `base` itself, or with the smallest free number: `base-2`, `base-3`, … */
export function freeSlug(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}
