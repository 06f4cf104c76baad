// The page: masthead, navigation, and the panels of the chosen view.
import { QueryClientProvider } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { AuditPanel, type AuditSearch } from './audit/audit-panel.tsx';
import { FeedPanel } from './feed/feed-panel.tsx';
import { PackagesPanel } from './packages/packages-panel.tsx';
import { ServicesPanel } from './services/services-panel.tsx';
import { AnnouncerProvider } from './shell/announcer.tsx';
import { ConnectionNotice } from './shell/connection-notice.tsx';
import { Masthead } from './shell/masthead.tsx';
import { Navigation } from './shell/navigation.tsx';
import { SkipLink } from './shell/skip-link.tsx';
import { useView } from './shell/use-view.ts';
import { viewOf, type View } from './shell/view.ts';
import { ShowsPanel } from './shows/shows-panel.tsx';
import { StationProvider } from './station-context.tsx';
import type { Station } from './station.ts';

export function App({ station }: { readonly station: Station }): ReactNode {
  return (
    <StationProvider value={station}>
      <QueryClientProvider client={station.queryClient}>
        <AnnouncerProvider>
          <Page />
        </AnnouncerProvider>
      </QueryClientProvider>
    </StationProvider>
  );
}

function Page(): ReactNode {
  const [view, show] = useView();
  const [search, setSearch] = useState<AuditSearch>({ text: '', isWanted: false });
  const findInAudit = useCallback(
    (subject: string) => {
      setSearch({ text: subject, isWanted: true });
      if (viewOf(location.hash) !== 'wall') show('audit');
    },
    [show],
  );
  const isOnShow = (panel: View): boolean => view === 'wall' || view === panel;
  return (
    <div className="shell">
      <SkipLink />
      <header className="top">
        <Masthead />
        <Navigation view={view} />
        <ConnectionNotice />
      </header>
      <main id="panels" className="panels" data-view={view} tabIndex={-1}>
        <FeedPanel isOnShow={isOnShow('feed')} onFindInAudit={findInAudit} />
        <ShowsPanel isOnShow={isOnShow('shows')} />
        <PackagesPanel isOnShow={isOnShow('packages')} />
        <ServicesPanel isOnShow={isOnShow('services')} />
        <AuditPanel isOnShow={isOnShow('audit')} search={search} onSearch={setSearch} />
      </main>
    </div>
  );
}
