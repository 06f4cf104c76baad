// What a panel shows instead of its content: that it is loading, that there is nothing, or that it failed and why.
import type { ReactNode } from 'react';
import { FlatLine } from './icons.tsx';

export function Loading({ what }: { readonly what: string }): ReactNode {
  return (
    <div className="loading">
      <p className="visually-hidden">Loading {what}…</p>
      {[0, 1, 2, 3, 4].map((line) => (
        <div key={line} className="loading__line" aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="blank">
      <FlatLine />
      <p className="blank__title">{title}</p>
      <p className="blank__text">{children}</p>
    </div>
  );
}

type FailureProps = {
  readonly title: string;
  readonly error: Error;
  readonly isTryingAgain: boolean;
  readonly onTryNow: () => void;
};

/** Nothing could be read, ever. */
export function Failure({ title, error, isTryingAgain, onTryNow }: FailureProps): ReactNode {
  return (
    <div className="blank blank--failed">
      <p className="blank__title">{title}</p>
      <p className="blank__text">
        {error.message}
        {isTryingAgain && ' It is tried again until it works.'}
      </p>
      <button type="button" className="button" onClick={onTryNow}>
        Try now
      </button>
    </div>
  );
}

/** Something is shown, but a newer state could not be read. */
export function Outdated({ error, onTryNow }: Pick<FailureProps, 'error' | 'onTryNow'>): ReactNode {
  return (
    <div className="outdated">
      <p>This may be out of date. {error.message}</p>
      <button type="button" className="button button--small" onClick={onTryNow}>
        Try now
      </button>
    </div>
  );
}
