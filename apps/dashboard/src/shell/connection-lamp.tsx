// Whether this page hears the station: a magic eye, as old receivers had. It closes when the station is tuned in.
// Only the word is a live region; how long and how often would be read out over and over.
import type { ReactNode } from 'react';
import type { Connection } from '@longwave/client';
import { useFeedStatus } from '../station-context.tsx';
import { clockTime, duration } from '../text/time-text.ts';
import { useNow } from '../use-now.ts';

const WORDS: Readonly<Record<Connection['state'], string>> = {
  idle: 'Connecting…',
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  refused: 'Refused',
};

/** As the style sheet has them. */
const LOOKS = {
  idle: 'connecting',
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  refused: 'reconnecting',
} as const;

export function ConnectionLamp(): ReactNode {
  const { connection, upstream } = useFeedStatus();
  const look = connection.state === 'live' && upstream === 'down' ? 'upstream-down' : LOOKS[connection.state];
  return (
    <div className="lamp" data-state={look}>
      <MagicEye />
      <div>
        <p className="lamp__word" role="status" aria-label="Connection">
          {WORDS[connection.state]}
        </p>
        <LampDetail connection={connection} upstream={upstream} />
      </div>
    </div>
  );
}

function LampDetail({ connection, upstream }: ReturnType<typeof useFeedStatus>): ReactNode {
  const now = useNow(1_000);
  if (connection.state === 'idle' || connection.state === 'connecting')
    return <p className="lamp__detail">to the feed</p>;
  if (connection.state === 'refused') return <p className="lamp__detail">{connection.refusal.code}</p>;
  if (connection.state === 'reconnecting') {
    const { since, attempt } = connection;
    return <p className="lamp__detail">{`away ${duration(since, now)}, attempt ${attempt}`}</p>;
  }
  if (upstream === 'down') return <p className="lamp__detail">but the broker is away</p>;
  return <p className="lamp__detail">{`since ${clockTime(connection.since, 'seconds')}`}</p>;
}

function MagicEye(): ReactNode {
  return (
    <svg className="eye" viewBox="0 0 40 40" aria-hidden="true">
      <circle className="eye__rim" cx="20" cy="20" r="19" />
      <circle className="eye__glow" cx="20" cy="20" r="15.5" />
      <path
        className="eye__shadow"
        d="M20 20L6.02 13.3A15.5 15.5 0 0 0 6.02 26.7zM20 20L33.98 13.3A15.5 15.5 0 0 1 33.98 26.7z"
      />
      <circle className="eye__cap" cx="20" cy="20" r="5.5" />
    </svg>
  );
}
