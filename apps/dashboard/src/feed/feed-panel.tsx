// Everything public that is said on the wires, newest first.
import { memo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Icon } from '../shell/icons.tsx';
import { Panel } from '../shell/panel.tsx';
import { Empty } from '../shell/panel-states.tsx';
import { useFeedStatus, useStation } from '../station-context.tsx';
import { wholeNumber } from '../text/time-text.ts';
import { ENTRIES_MAX, type FeedBuffer, type FeedEntry } from './feed-buffer.ts';
import { FilterBox } from './filter-box.tsx';
import { passes, readFilter, type FilterInput } from './filter-input.ts';
import { GapRow } from './gap-row.tsx';
import { MessageRow } from './message-row.tsx';

/** `onFindInAudit` must stay the same function, or every row is rendered with every message. */
type FeedPanelProps = { readonly isOnShow: boolean; readonly onFindInAudit: (subject: string) => void };

export function FeedPanel({ isOnShow, onFindInAudit }: FeedPanelProps): ReactNode {
  const { feedStore } = useStation();
  const buffer = useSyncExternalStore(feedStore.watch, feedStore.buffer);
  const [text, setText] = useState('');
  const input = readFilter(text);
  const entries = entriesThatPass(buffer.shown, input);
  return (
    <Panel
      view="feed"
      title="Live feed"
      isOnShow={isOnShow}
      count={countText(entries.length, buffer.shown.length)}
      tools={<PauseButton buffer={buffer} />}
      top={<FilterBox label="Filter the live feed" text={text} input={input} onText={setText} />}
    >
      {entries.length === 0 ? (
        <NothingToShow hasEntries={buffer.shown.length > 0} />
      ) : (
        <Entries entries={entries} onFindInAudit={onFindInAudit} />
      )}
    </Panel>
  );
}

type EntriesProps = { readonly entries: readonly FeedEntry[]; readonly onFindInAudit: (subject: string) => void };

function Entries({ entries, onFindInAudit }: EntriesProps): ReactNode {
  return (
    <ol className="entries" aria-label="Messages, newest first">
      {entries.map((entry) => (
        <Entry key={entry.key} entry={entry} onFindInAudit={onFindInAudit} />
      ))}
    </ol>
  );
}

type EntryProps = { readonly entry: FeedEntry; readonly onFindInAudit: (subject: string) => void };

// An entry never changes, and a new one must not cost a rendering of the five hundred before it.
const Entry = memo(({ entry, onFindInAudit }: EntryProps) =>
  entry.kind === 'gap' ? (
    <GapRow gap={entry.gap} at={entry.at} />
  ) : (
    <MessageRow message={entry.message} onFindInAudit={onFindInAudit} />
  ),
);
Entry.displayName = 'Entry';

function PauseButton({ buffer: { paused, waiting } }: { readonly buffer: FeedBuffer }): ReactNode {
  const { feedStore } = useStation();
  if (!paused) {
    return (
      <button type="button" className="button" onClick={() => feedStore.pause()}>
        <Icon name="pause" />
        Pause
      </button>
    );
  }
  return (
    <button type="button" className="button button--lit" onClick={() => feedStore.resume()}>
      <Icon name="play" />
      {`Resume (${wholeNumber(waiting)} waiting)`}
    </button>
  );
}

function NothingToShow({ hasEntries }: { readonly hasEntries: boolean }): ReactNode {
  const { connection } = useFeedStatus();
  if (hasEntries) return <Empty title="No message passes the filter">Clear it to see the others again.</Empty>;
  if (connection.state !== 'live')
    return <Empty title="Not connected yet">Messages appear once the feed is open.</Empty>;
  return <Empty title="Silence on the wires">Messages appear here the moment they are published.</Empty>;
}

function entriesThatPass(entries: readonly FeedEntry[], input: FilterInput): readonly FeedEntry[] {
  if (input.kind !== 'filter') return entries;
  // A gap may have swallowed messages that would pass, so it always does.
  return entries.filter((entry) => entry.kind === 'gap' || passes(input, entry.message.subject));
}

function countText(passing: number, all: number): string {
  if (passing !== all) return `${passing} of ${all}`;
  return all === ENTRIES_MAX ? `newest ${ENTRIES_MAX}` : String(all);
}
