// Lights a row up for a moment after it changed. The row also says in words when it changed.
import type { ReactNode } from 'react';
import type { Change } from '../live/live-list.ts';

/** Its key is the moment, so that a second change lights up again. */
export function ChangeFlash({ change }: { readonly change: Change | undefined }): ReactNode {
  if (change === undefined) return null;
  return <span key={change.at} className="flash" data-kind={change.kind} aria-hidden="true" />;
}
