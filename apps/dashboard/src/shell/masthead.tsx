// The top of the page: whose station it is, whether we hear it, how busy it is, and what time it is.
import type { ReactNode } from 'react';
import { StudioClock } from '../clock/studio-clock.tsx';
import { ActivityScale } from '../scale/activity-scale.tsx';
import { ConnectionLamp } from './connection-lamp.tsx';
import { Mark } from './icons.tsx';

export function Masthead(): ReactNode {
  return (
    <div className="masthead">
      <div className="brand">
        <Mark />
        <div>
          <h1>Longwave</h1>
          <p className="brand__station">{location.host}</p>
        </div>
      </div>
      <ConnectionLamp />
      <ActivityScale />
      <StudioClock />
    </div>
  );
}
