// A payload for reading. Cut off where reading ends anyway, because half a megabyte of rows would stop the page.
import { useMemo, type ReactNode } from 'react';
import { jsonTokens } from './json-tokens.ts';

const TOKENS_MAX = 4_000;

export function JsonBlock({ value, label }: { readonly value: unknown; readonly label: string }): ReactNode {
  const tokens = useMemo(() => jsonTokens(value), [value]);
  return (
    <pre className="json" tabIndex={0} role="group" aria-label={label}>
      <code>
        {tokens.slice(0, TOKENS_MAX).map(({ kind, text }, index) => (
          <span key={index} data-kind={kind}>
            {text}
          </span>
        ))}
        {tokens.length > TOKENS_MAX && <span data-kind="cut">{'\n… cut off here'}</span>}
      </code>
    </pre>
  );
}
