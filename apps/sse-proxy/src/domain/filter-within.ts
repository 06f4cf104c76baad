// Whether one subject filter lets through nothing that another does not: the question behind every permission. (S12)
import type { SubjectFilter } from '@longwave/messaging/contract';

/**
 * Whether every subject of `inner` is one of `outer`. Asked of one outer filter at a time: `a.>` is not within `a.*`
 * and `a.*.>` taken together. That is strict where it could be lenient, never the other way round.
 */
export function filterWithin(inner: SubjectFilter, outer: SubjectFilter): boolean {
  for (const [index, allowed] of outer.tokens.entries()) {
    const wanted = inner.tokens[index];
    if (wanted === undefined) return false;
    if (allowed === '>') return true;
    if (wanted === '>') return false;
    if (allowed !== '*' && allowed !== wanted) return false;
  }
  return inner.tokens.length === outer.tokens.length;
}
