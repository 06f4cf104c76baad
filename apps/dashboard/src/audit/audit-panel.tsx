// The newest entries of the audit log, read again when messages say that there must be new ones.
import { useEffect, useRef, type ReactNode } from 'react';
import { FilterBox } from '../feed/filter-box.tsx';
import { readFilter } from '../feed/filter-input.ts';
import { Panel } from '../shell/panel.tsx';
import { Empty } from '../shell/panel-states.tsx';
import { QueryState } from '../shell/query-state.tsx';
import { wholeNumber } from '../text/time-text.ts';
import { AuditRow } from './audit-row.tsx';
import { AUDIT_ENTRIES_MAX, type AuditPage } from './audit-page.ts';
import { useAuditEntries } from './use-audit-entries.ts';

/** What the filter box holds. `isWanted`: it was put there from elsewhere, and the reader should be taken to it. */
export type AuditSearch = { readonly text: string; readonly isWanted: boolean };

type AuditPanelProps = {
  readonly isOnShow: boolean;
  readonly search: AuditSearch;
  readonly onSearch: (search: AuditSearch) => void;
};

export function AuditPanel({ isOnShow, search, onSearch }: AuditPanelProps): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (search.isWanted) box.current?.focus();
  }, [search]);
  const { text } = search;
  const input = readFilter(text);
  const { query, readOlder } = useAuditEntries(input);
  return (
    <Panel
      view="audit"
      title="Audit log"
      isOnShow={isOnShow}
      count={query.data && countText(query.data)}
      top={
        <FilterBox
          label="Filter the audit log"
          ref={box}
          text={text}
          input={input}
          onText={(typed) => onSearch({ text: typed, isWanted: false })}
        />
      }
    >
      <QueryState query={query} what="audit entries">
        {(page) => <AuditEntries page={page} isFiltered={input.kind === 'filter'} readOlder={readOlder} />}
      </QueryState>
    </Panel>
  );
}

type AuditEntriesProps = {
  readonly page: AuditPage;
  readonly isFiltered: boolean;
  readonly readOlder: { readonly run: () => void; readonly isBusy: boolean; readonly error: Error | null };
};

function AuditEntries({ page, isFiltered, readOlder }: AuditEntriesProps): ReactNode {
  if (page.items.length === 0 && isFiltered)
    return <Empty title="No entry matches">No such message was recorded.</Empty>;
  if (page.items.length === 0) return <Empty title="The log is empty">Every message leaves an entry here.</Empty>;
  const mayReadOlder = page.next !== null && page.items.length < AUDIT_ENTRIES_MAX;
  return (
    <>
      <ol className="entries" aria-label="Audit entries, newest first">
        {page.items.map((entry) => (
          <AuditRow key={entry.sequence} entry={entry} />
        ))}
      </ol>
      {readOlder.error !== null && <p className="rows__more">{readOlder.error.message}</p>}
      {mayReadOlder && (
        <p className="rows__more">
          <button type="button" className="button" aria-disabled={readOlder.isBusy} onClick={readOlder.run}>
            {readOlder.isBusy ? 'Reading…' : 'Older entries'}
          </button>
        </p>
      )}
    </>
  );
}

/** The newest sequence is how many entries the log has; a filtered page only knows how many it shows. */
function countText({ items, next }: AuditPage): string {
  return next === null ? wholeNumber(items.length) : `newest ${wholeNumber(items.length)}`;
}
