// The view in the address bar, as state.
import { useCallback, useEffect, useState } from 'react';
import { viewOf, type View } from './view.ts';

const TITLES: Readonly<Record<View, string>> = {
  wall: 'Longwave',
  feed: 'Live feed · Longwave',
  shows: 'Shows · Longwave',
  packages: 'Packages · Longwave',
  services: 'Services · Longwave',
  audit: 'Audit log · Longwave',
};

/** The view, and a stable function that shows another one. */
export function useView(): readonly [View, (view: View) => void] {
  const [view, setView] = useState(() => viewOf(location.hash));
  useEffect(() => {
    const follow = (): void => setView(viewOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = TITLES[view];
  }, [view]);
  // Sets the view itself instead of waiting for the event, so that whoever shows a view can focus something in it.
  const show = useCallback((next: View) => {
    history.pushState(null, '', `#${next}`);
    setView(next);
  }, []);
  return [view, show];
}
