// What somebody typed into a filter box: nothing, a NATS filter, or a mistake with its explanation.
import { filterMatches, parseFilter, SubjectError, type SubjectFilter } from '@longwave/messaging/contract';

export type FilterInput =
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly filter: SubjectFilter }
  | { readonly kind: 'mistake'; readonly explanation: string };

export function readFilter(text: string): FilterInput {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'all' };
  try {
    return { kind: 'filter', filter: parseFilter(trimmed) };
  } catch (error) {
    if (!(error instanceof SubjectError)) throw error;
    return { kind: 'mistake', explanation: sentence(error.message) };
  }
}

/** Whether a subject passes. A mistake lets everything pass: hiding rows would look like silence. */
export function passes(input: FilterInput, subject: string): boolean {
  return input.kind !== 'filter' || filterMatches(input.filter, subject);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
