// One polite live region for the outcome of what the user did. Messages are not announced: they would never end.
import { createContext, useContext, useState, type ReactNode } from 'react';

const AnnouncerContext = createContext<(text: string) => void>(() => {});

export function AnnouncerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [text, setText] = useState('');
  return (
    <AnnouncerContext value={setText}>
      {children}
      <p className="visually-hidden" aria-live="polite">
        {text}
      </p>
    </AnnouncerContext>
  );
}

/** Says `text` to screen readers, once they have finished what they say. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnouncerContext);
}
