// The few drawings of the page, all our own. Decorative: whoever uses one says in words what it means.
import type { ReactNode } from 'react';

const drawings = {
  wall: 'M2.5 3.5h5v9h-5zM9.5 3.5h4v3.5h-4zM9.5 9h4v3.5h-4z',
  feed: 'M2 8h2l1.5-4.5L8.5 13l2-7 1 2H14',
  shows: 'M8 9.5a2 2 0 0 0 2-2v-3a2 2 0 1 0-4 0v3a2 2 0 0 0 2 2zM4 7.5a4 4 0 0 0 8 0M8 11.5v2.5M6 14h4',
  packages: 'M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5L8 8l5.5-3M8 8v6',
  services: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  audit: 'M4 2h8v12l-2-1.2L8 14l-2-1.2L4 14zM6.2 5.5h3.6M6.2 8.5h3.6',
  pencil: 'M3 13l.7-2.8L10.9 3l2.1 2.1-7.2 7.2zM9.5 4.4l2.1 2.1',
  power: 'M8 2.5v5M4.8 4.3a5 5 0 1 0 6.4 0',
  bin: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9M7 7v4M9 7v4',
  plus: 'M8 3v10M3 8h10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5l7 4.5-7 4.5z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M12.8 9.6A5.4 5.4 0 0 1 6.4 3.2 5.4 5.4 0 1 0 12.8 9.6z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}

/** The mark: one long wave, and the needle of a dial that is tuned to it. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 40 40" aria-hidden="true">
      <rect className="mark__plate" width="40" height="40" rx="9" />
      <path className="mark__wave" d="M5 20c4-13 11-13 15 0s11 13 15 0" />
      <path className="mark__needle" d="M26.5 6v28" />
    </svg>
  );
}

/** A carrier without a signal. */
export function FlatLine(): ReactNode {
  return (
    <svg className="flat-line" viewBox="0 0 120 24" aria-hidden="true">
      <path d="M0 12h34c4 0 4-7 8-7s4 14 9 14 5-11 9-11 4 4 8 4h52" />
    </svg>
  );
}
