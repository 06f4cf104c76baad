// The bars of the activity scale: heights by the logarithm, so that one message is seen beside a thousand.
import type { Family } from '../feed/subject-parts.ts';
import { SCALE_SECONDS, totalOf, type Bin } from './rate-meter.ts';

/** In a field of SCALE_SECONDS by 1, y downwards. */
export type Bar = {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly family: Family;
  readonly key: string;
};

const FAMILIES = ['resource', 'program', 'events', 'other'] as const;
/** A scale that is full at eight messages a second looks right for a quiet station; a busy one stretches it. */
const FULL_AT_LEAST = 8;

export function barsOf(bins: readonly { readonly age: number; readonly bin: Bin }[]): readonly Bar[] {
  const full = Math.log2(1 + Math.max(FULL_AT_LEAST, ...bins.map(({ bin }) => totalOf(bin))));
  return bins.flatMap(({ age, bin }) => {
    const total = totalOf(bin);
    const height = Math.log2(1 + total) / full;
    let y = 1;
    return FAMILIES.filter((family) => bin[family] > 0).map((family) => {
      const share = (bin[family] / total) * height;
      y -= share;
      return { x: SCALE_SECONDS - 1 - age, y, height: share, family, key: `${age} ${family}` };
    });
  });
}
