// Lets keyboard users pass the header. Moves the focus itself: the address's hash belongs to the views.
import type { MouseEvent, ReactNode } from 'react';

export function SkipLink(): ReactNode {
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    document.getElementById('panels')?.focus();
  };
  return (
    <a className="skip-link" href="#panels" onClick={skip}>
      Skip to the panels
    </a>
  );
}
