// A time as people say it, and exactly when asked (hover, or a machine).
import type { ReactNode } from 'react';
import { useNow } from '../use-now.ts';
import { relativeTime } from './time-text.ts';

/** Coarse on purpose: a list of a hundred shows does not tick every second. */
const TICK_MS = 10_000;

export function TimeAgo({ time, prefix }: { readonly time: string; readonly prefix?: string }): ReactNode {
  const now = useNow(TICK_MS);
  const date = new Date(time);
  // The page may hear of something between two ticks.
  const text = relativeTime(date, date > now ? date : now);
  return (
    <time dateTime={time} title={date.toLocaleString('en-GB')}>
      {prefix === undefined ? text : `${prefix} ${text}`}
    </time>
  );
}
