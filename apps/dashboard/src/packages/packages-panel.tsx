// The packages that devices can run, as the resolver knows them, kept true by messages.
import type { PackageResource } from '@longwave/contracts';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode } from 'react';
import { ITEMS_MAX } from '../live/list-cache.ts';
import type { Change, LiveList } from '../live/live-list.ts';
import { ChangeFlash } from '../shell/change-flash.tsx';
import { Panel } from '../shell/panel.tsx';
import { Empty } from '../shell/panel-states.tsx';
import { QueryState } from '../shell/query-state.tsx';
import { useMayLoad, useStation } from '../station-context.tsx';
import { TimeAgo } from '../text/time-ago.tsx';
import { wholeNumber } from '../text/time-text.ts';
import { packageTraits } from './package-item.ts';

export function PackagesPanel({ isOnShow }: { readonly isOnShow: boolean }): ReactNode {
  const { packages } = useStation();
  const query = useQuery({
    queryKey: packages.queryKey,
    queryFn: ({ signal }) => packages.load(signal),
    enabled: useMayLoad(),
    // As for the shows: a value of our own making with a Map in it.
    structuralSharing: false,
  });
  return (
    <Panel
      view="packages"
      title="Packages"
      isOnShow={isOnShow}
      isPlain
      count={query.data && wholeNumber(query.data.items.length)}
    >
      <QueryState query={query} what="packages">
        {(list) => <PackageList list={list} />}
      </QueryState>
    </Panel>
  );
}

function PackageList({ list }: { readonly list: LiveList<PackageResource> }): ReactNode {
  if (list.items.length === 0) {
    return <Empty title="No packages yet">They appear here when steering is given one.</Empty>;
  }
  return (
    <>
      <ul className="rows" aria-label="Packages by name, newest version first">
        {list.items.map((item) => {
          const key = packageTraits.keyOf(item);
          return <PackageRow key={key} item={item} change={list.changes.get(key)} />;
        })}
      </ul>
      {!list.complete && <p className="rows__more">{`The resolver has more; these are ${wholeNumber(ITEMS_MAX)}.`}</p>}
    </>
  );
}

type PackageRowProps = { readonly item: PackageResource; readonly change: Change | undefined };

const PackageRow = memo(({ item, change }: PackageRowProps): ReactNode => {
  const { packageId, description = '', vendor, dependencies = [], updatedAt } = item;
  return (
    <li className="row row--package">
      <ChangeFlash change={change} />
      <div className="row__text">
        <h3>
          {packageId.name} <span className="version">{packageId.version}</span>
        </h3>
        {description !== '' && <p className="row__about">{description}</p>}
        <p className="row__meta">
          {vendor !== undefined && <span>{vendor}</span>}
          <TimeAgo time={updatedAt} prefix="changed" />
        </p>
      </div>
      {dependencies.length > 0 && (
        <ul className="needs" aria-label={`What ${packageId.name} ${packageId.version} needs`}>
          {dependencies.map(({ name, range }) => (
            <li key={name} className="mono">
              {name} <span>{range}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
});
PackageRow.displayName = 'PackageRow';
