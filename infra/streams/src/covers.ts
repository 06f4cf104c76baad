// Whether one subject filter lets through everything another does: what is removed from a stream, and what a consumer
// no longer gets, are questions of this kind.

/** True when every subject that `inner` matches is matched by `outer` too. Both are checked filters. */
export function covers(outer: string, inner: string): boolean {
  const [outerTokens, innerTokens] = [outer.split('.'), inner.split('.')];
  for (const [index, wanted] of outerTokens.entries()) {
    const token = innerTokens[index];
    if (token === undefined) return false;
    if (wanted === '>') return true;
    if (token === '>') return false;
    if (wanted !== '*' && wanted !== token) return false;
  }
  return outerTokens.length === innerTokens.length;
}

/** Those of `filters` that none of `covering` covers alone. */
export function uncovered(filters: readonly string[], covering: readonly string[]): readonly string[] {
  return filters.filter((inner) => !covering.some((outer) => covers(outer, inner)));
}
