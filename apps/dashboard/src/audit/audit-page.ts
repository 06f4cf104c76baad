// The newest part of the audit log, as a value: entries by falling sequence, and where older ones are.
// The log only grows and its sequence has no gaps, so a newer page either joins what is known or replaces it.
import type { AuditEntry } from '@longwave/contracts';

export type AuditPage = { readonly items: readonly AuditEntry[]; readonly next: string | null };

export const AUDIT_ENTRIES_MAX = 1_000;
const PAGE_SIZE = 50;

/** The newest entries, of one subject filter or of all. */
export function newestEntriesPath(filter: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE), order: 'desc' });
  if (filter !== null) query.set('subject', filter);
  return `/audit-log/api/v1/entries/?${query}`;
}

/** What is known after the newest page was read again. */
export function withNewer(known: AuditPage | undefined, newest: AuditPage): AuditPage {
  const joins = known?.items.findIndex(({ sequence }) => sequence === newest.items.at(-1)?.sequence) ?? -1;
  // No overlap: more was written than a page holds, and what lies between is unknown.
  if (known === undefined || joins < 0) return newest;
  const items = [...newest.items, ...known.items.slice(joins + 1)];
  return items.length > AUDIT_ENTRIES_MAX ? newest : { items, next: known.next };
}

/** What is known after an older page was read too. */
export function withOlder(known: AuditPage, older: AuditPage): AuditPage {
  return { items: [...known.items, ...older.items], next: older.next };
}
