// The last two minutes as a tuning scale: a bar for every second in which messages arrived, the needle at now.
import type { ReactNode } from 'react';
import { useStation } from '../station-context.tsx';
import { wholeNumber } from '../text/time-text.ts';
import { useNow } from '../use-now.ts';
import { barsOf } from './bars.ts';
import { SCALE_SECONDS, totalOf } from './rate-meter.ts';

const TICKS = Array.from({ length: SCALE_SECONDS / 5 + 1 }, (_, index) => index * 5);
const LEGEND = ['resource', 'program', 'events'] as const;

export function ActivityScale(): ReactNode {
  const { rate } = useStation();
  const now = useNow(1_000);
  const bins = rate.bins(now.getTime());
  const lastMinute = bins.filter(({ age }) => age < 60).reduce((sum, { bin }) => sum + totalOf(bin), 0);
  return (
    <div className="scale">
      <p className="scale__head">
        <span>
          <strong>{wholeNumber(lastMinute)}</strong>{' '}
          <span className="scale__unit">{lastMinute === 1 ? 'message' : 'messages'}</span> in the last minute
        </span>
        <span className="scale__legend" aria-hidden="true">
          {LEGEND.map((family) => (
            <span key={family} data-family={family}>
              {family}
            </span>
          ))}
        </span>
      </p>
      <div className="scale__dial">
        <svg className="scale__bars" viewBox={`0 0 ${SCALE_SECONDS} 1`} preserveAspectRatio="none" aria-hidden="true">
          {barsOf(bins).map(({ key, family, x, y, height }) => (
            <rect key={key} data-family={family} x={x + 0.15} y={y} width="0.7" height={height} />
          ))}
        </svg>
        <svg className="scale__ruler" viewBox={`0 0 ${SCALE_SECONDS} 8`} preserveAspectRatio="none" aria-hidden="true">
          {TICKS.map((x) => (
            <path key={x} d={`M${x} 0v${x % 30 === 0 ? 8 : 4}`} />
          ))}
        </svg>
      </div>
      <p className="scale__labels" aria-hidden="true">
        <span>2 min</span>
        <span>90 s</span>
        <span>60 s</span>
        <span>30 s</span>
        <span>now</span>
      </p>
    </div>
  );
}
