// The clock every studio has: sixty lamps for the seconds, twelve for the hours, digits in the middle.
// Screen readers get the minutes only, and only when asked.
import type { ReactNode } from 'react';
import { useNow } from '../use-now.ts';
import { clockTime } from '../text/time-text.ts';
import { HOUR_LAMPS, SECOND_LAMPS } from './lamps.ts';

export function StudioClock(): ReactNode {
  const now = useNow(1_000);
  const local = clockTime(now, 'seconds');
  const minutes = local.slice(0, 5);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
  return (
    <div className="clock">
      <svg className="clock__face" viewBox="0 0 100 100" aria-hidden="true">
        {HOUR_LAMPS.map(({ x, y }, hour) => (
          <circle key={hour} className="clock__hour" cx={x} cy={y} r="1.6" />
        ))}
        {SECOND_LAMPS.map(({ x, y }, second) => (
          <circle key={second} className="clock__second" data-lit={second <= now.getSeconds()} cx={x} cy={y} r="1.7" />
        ))}
        <text className="clock__minutes" x="50" y="54">
          {minutes}
        </text>
        <text className="clock__seconds" x="50" y="70">
          {local.slice(6)}
        </text>
      </svg>
      <div className="clock__text">
        <p className="clock__date">
          {new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(now)}
        </p>
        <p>
          <time className="visually-hidden" dateTime={minutes}>
            {minutes}
          </time>
          {zone}
        </p>
        {zone !== 'UTC' && <p>{`UTC ${clockTime(now, 'seconds', 'UTC').slice(0, 5)}`}</p>}
      </div>
    </div>
  );
}
