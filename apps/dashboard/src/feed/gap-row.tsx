// Says that messages are missing, where they are missing.
import type { ReactNode } from 'react';
import type { Gap } from '@longwave/client';
import { clockTime } from '../text/time-text.ts';
import { gapText } from './gap-text.ts';

export function GapRow({ gap, at }: { readonly gap: Gap; readonly at: Date }): ReactNode {
  return (
    <li className="entry entry--gap">
      <time className="entry__time" dateTime={at.toISOString()}>
        {clockTime(at, 'milliseconds')}
      </time>
      <p>
        <strong>Gap.</strong> {gapText(gap)} The lists were read again.
      </p>
    </li>
  );
}
