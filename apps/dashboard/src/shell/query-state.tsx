// Decides what a panel shows for the state of its query, the same for all of them.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, Loading, Outdated } from './panel-states.tsx';

type QueryStateProps<Data> = {
  readonly query: UseQueryResult<Data, Error>;
  /** A plural, in the middle of a sentence. */
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
};

export function QueryState<Data>({ query, what, children }: QueryStateProps<Data>): ReactNode {
  const { data, failureReason, isFetching } = query;
  // Cancels the wait before the next attempt; the outcome is shown here again.
  const tryNow = (): void => void query.refetch({ cancelRefetch: true });
  if (data === undefined && failureReason === null) return <Loading what={what} />;
  if (data === undefined && failureReason !== null) {
    const title = `The ${what} cannot be read`;
    return <Failure title={title} error={failureReason} isTryingAgain={isFetching} onTryNow={tryNow} />;
  }
  return (
    <>
      {failureReason !== null && <Outdated error={failureReason} onTryNow={tryNow} />}
      {data !== undefined && children(data)}
    </>
  );
}
