// What no back-end can replay, refused by each of them alike: a filter that is none would give nothing, without a word.
import { parseFilter } from './contract/filter.ts';
import type { ReplayRange } from './ports.ts';

/** Throws SubjectError `illegal-filter` or `subject-too-long`; RangeError for batches of nothing. */
export function checkRange({ filters = [], batch = 1 }: ReplayRange): void {
  for (const filter of filters) parseFilter(filter);
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is ${batch}; it is a whole number from 1`);
}
