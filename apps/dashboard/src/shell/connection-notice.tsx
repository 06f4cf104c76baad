// What it means for the reader that the connection is not what it should be. Nothing while all is well.
import type { ReactNode } from 'react';
import { useFeedStatus } from '../station-context.tsx';
import { clockTime } from '../text/time-text.ts';

export function ConnectionNotice(): ReactNode {
  const { connection, upstream } = useFeedStatus();
  if (connection.state === 'reconnecting') {
    return (
      <p className="notice">
        <strong>Not connected since {clockTime(connection.since, 'seconds')}.</strong> What you see may be out of date.
        When the feed is back it goes on after the last message; what it cannot catch up with is shown as a gap, and the
        lists are read again.
      </p>
    );
  }
  if (connection.state === 'refused') {
    return (
      <p className="notice">
        <strong>The feed refuses this page.</strong> {connection.refusal.detail} What you see is as it was when the page
        was loaded.
      </p>
    );
  }
  if (connection.state === 'live' && upstream === 'down') {
    return (
      <p className="notice">
        <strong>The message broker is away.</strong> This page is connected, but nothing new can arrive until the broker
        is back. Until then the services keep what they have to say.
      </p>
    );
  }
  return null;
}
