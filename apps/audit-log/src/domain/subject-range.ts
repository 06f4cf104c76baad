// A subject filter in words that a database understands: a range that an ordinary index serves, and a pattern for what
// the range cannot say. Together they select exactly what `filterMatches` lets through.
import type { SubjectFilter } from '@longwave/messaging/contract';

export type SubjectRange =
  | { readonly kind: 'everything' }
  | { readonly kind: 'one'; readonly subject: string }
  /**
   * Subjects from `atLeast` up to but not including `below`, in the order of their bytes, that match `pattern`: a
   * regular expression of Postgres. Each may be null: then it says nothing.
   */
  | {
      readonly kind: 'range';
      readonly atLeast: string | null;
      readonly below: string | null;
      readonly pattern: string | null;
    };

export function subjectRange({ text, tokens }: SubjectFilter): SubjectRange {
  const firstWildcard = tokens.findIndex(isWildcard);
  if (firstWildcard === -1) return { kind: 'one', subject: text };
  if (text === '>') return { kind: 'everything' };
  const head = tokens.slice(0, firstWildcard).join('.');
  const isPrefix = tokens[firstWildcard] === '>';
  return {
    kind: 'range',
    // Behind the dot comes the slash: what begins with `a.` lies between `a.` and `a/`.
    ...(head === '' ? { atLeast: null, below: null } : { atLeast: `${head}.`, below: `${head}/` }),
    pattern: isPrefix ? null : patternOf(tokens),
  };
}

function isWildcard(token: string): boolean {
  return token === '*' || token === '>';
}

/** A final `>` is one token or more: whatever follows the dot before it. */
function patternOf(tokens: readonly string[]): string {
  const isOpen = tokens.at(-1) === '>';
  const exact = isOpen ? tokens.slice(0, -1) : tokens;
  return `^${exact.map((token) => (token === '*' ? '[^.]*' : escape(token))).join('\\.')}${isOpen ? '\\.' : '$'}`;
}

/** In Postgres, too, a backslash before anything but a letter or digit takes its special meaning away. */
function escape(literal: string): string {
  return literal.replaceAll(/[^A-Za-z0-9_]/g, '\\$&');
}
