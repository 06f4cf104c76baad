// The shows of the station, kept true by messages, and what can be done with them.
import type { Show } from '@longwave/contracts';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode, type Ref } from 'react';
import { ITEMS_MAX } from '../live/list-cache.ts';
import type { LiveList } from '../live/live-list.ts';
import { Icon } from '../shell/icons.tsx';
import { Panel } from '../shell/panel.tsx';
import { Empty } from '../shell/panel-states.tsx';
import { QueryState } from '../shell/query-state.tsx';
import { useMayLoad, useStation } from '../station-context.tsx';
import { wholeNumber } from '../text/time-text.ts';
import { NewShowForm } from './new-show-form.tsx';
import { ShowRow } from './show-row.tsx';

export function ShowsPanel({ isOnShow }: { readonly isOnShow: boolean }): ReactNode {
  const { shows } = useStation();
  const [isCreating, setCreating] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const finish = (): void => {
    setCreating(false);
    button.current?.focus();
  };
  const query = useQuery({
    queryKey: shows.queryKey,
    queryFn: ({ signal }) => shows.load(signal),
    enabled: useMayLoad(),
    // The list is a value of our own making with a Map in it; comparing it deeply would cost and gain nothing.
    structuralSharing: false,
  });
  return (
    <Panel
      view="shows"
      title="Shows"
      isOnShow={isOnShow}
      count={query.data && wholeNumber(query.data.items.length)}
      tools={<NewShowButton ref={button} isCreating={isCreating} onToggle={() => setCreating(!isCreating)} />}
      top={isCreating && <NewShowForm onDone={finish} />}
    >
      <QueryState query={query} what="shows">
        {(list) => <ShowList list={list} />}
      </QueryState>
    </Panel>
  );
}

type NewShowButtonProps = {
  readonly isCreating: boolean;
  readonly onToggle: () => void;
  readonly ref: Ref<HTMLButtonElement>;
};

function NewShowButton({ isCreating, onToggle, ref }: NewShowButtonProps): ReactNode {
  return (
    <button ref={ref} type="button" className="button" aria-expanded={isCreating} onClick={onToggle}>
      <Icon name="plus" />
      New show
    </button>
  );
}

function ShowList({ list }: { readonly list: LiveList<Show> }): ReactNode {
  if (list.items.length === 0) return <Empty title="No shows yet">Create the first one with “New show”.</Empty>;
  return (
    <>
      <ul className="rows" aria-label="Shows by name" tabIndex={-1}>
        {list.items.map((show) => (
          <ShowRow key={show.id} show={show} change={list.changes.get(String(show.id))} />
        ))}
      </ul>
      {!list.complete && <p className="rows__more">{`The station has more; these are ${wholeNumber(ITEMS_MAX)}.`}</p>}
    </>
  );
}
