// Subject filters as NATS understands them: `*` is one token, a final `>` is one or more.
// Filters come from users (browsers, auditors), so the grammar is checked here before one reaches a server.
// It is wider than our own token grammar on purpose: any NATS project's subjects can be subscribed to.
import { SubjectError } from './subject-error.ts';
import { SUBJECT_BYTES_MAX } from './subject.ts';

/** A filter that has been checked; its tokens are at hand for matching. */
export type SubjectFilter = { readonly text: string; readonly tokens: readonly string[] };

// Visible ASCII but `.`, `*` and `>`: NATS forbids white space, and control or non-ASCII characters in a subject
// are accepted by servers but break tools, logs and the CONNECT line.
const LITERAL = /^[\x21-\x29\x2B-\x2D\x2F-\x3D\x3F-\x7E]+$/;

/** Checks `text` as a filter. Throws SubjectError `illegal-filter` or `subject-too-long`. */
export function parseFilter(text: string): SubjectFilter {
  if (text.length > SUBJECT_BYTES_MAX) {
    throw new SubjectError('subject-too-long', `a subject filter has at most ${SUBJECT_BYTES_MAX} bytes`);
  }
  const tokens = text.split('.');
  for (const [index, token] of tokens.entries()) {
    if (token === '*' || LITERAL.test(token)) continue;
    if (token === '>' && index === tokens.length - 1) continue;
    throw new SubjectError('illegal-filter', explain(text, token));
  }
  return { text, tokens };
}

function explain(text: string, token: string): string {
  const shown = JSON.stringify(text.slice(0, 80));
  if (token === '') return `the filter ${shown} has an empty token; tokens are separated by single dots`;
  if (token === '>') return `the filter ${shown} has ">" before its end; it stands for all the rest`;
  return `the filter ${shown} has the token ${JSON.stringify(token.slice(0, 40))}; a wildcard stands alone, and white space, control and non-ASCII characters are not allowed`;
}

/** Whether a subject is one that the filter lets through. */
export function filterMatches(filter: SubjectFilter, subject: string): boolean {
  const tokens = subject.split('.');
  for (const [index, wanted] of filter.tokens.entries()) {
    if (wanted === '>') return tokens.length > index;
    if (tokens[index] === undefined) return false;
    if (wanted !== '*' && wanted !== tokens[index]) return false;
  }
  return tokens.length === filter.tokens.length;
}

/** Whether some subject could be let through by both filters: tells which streams a filter can reach. */
export function filtersOverlap(left: SubjectFilter, right: SubjectFilter): boolean {
  const length = Math.max(left.tokens.length, right.tokens.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.tokens[index], right.tokens[index]];
    if (a === undefined || b === undefined) return false;
    if (a === '>' || b === '>') return true;
    if (a !== '*' && b !== '*' && a !== b) return false;
  }
  return true;
}
