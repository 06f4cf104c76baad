// The views, as links: each is an address. On a phone this is the bar at the bottom.
import type { ReactNode } from 'react';
import { ThemeSwitch } from '../theme/theme-switch.tsx';
import { Icon } from './icons.tsx';
import { views, type View } from './view.ts';

const LABELS: Readonly<Record<View, string>> = {
  wall: 'Wall',
  feed: 'Feed',
  shows: 'Shows',
  packages: 'Packages',
  services: 'Services',
  audit: 'Audit',
};

export function Navigation({ view }: { readonly view: View }): ReactNode {
  return (
    <div className="bar">
      <nav className="views" aria-label="Views">
        <ul>
          {views.map((name) => (
            <li key={name}>
              <a href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
                <Icon name={name} />
                <span>{LABELS[name]}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <ThemeSwitch />
    </div>
  );
}
