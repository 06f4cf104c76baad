// Reads the audit log for its panel: the newest page, older ones when asked, newer ones when a message was heard.
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { passes, type FilterInput } from '../feed/filter-input.ts';
import { listenToAll } from '../live/public-events.ts';
import { useMayLoad, useStation } from '../station-context.tsx';
import { newestEntriesPath, withNewer, withOlder, type AuditPage } from './audit-page.ts';
import { CatchUp } from './catch-up.ts';
import { useSettled } from './use-settled.ts';

export type AuditReading = {
  readonly query: UseQueryResult<AuditPage, Error>;
  readonly readOlder: { readonly run: () => void; readonly isBusy: boolean; readonly error: Error | null };
};

/** A message is in the log about a tenth of a second after it was published; twice that is a polite first look. */
const CATCH_UP = { waitMs: 250, looksMax: 4 } as const;
const TYPING_MS = 300;

export function useAuditEntries(input: FilterInput): AuditReading {
  const { api } = useStation();
  const queryClient = useQueryClient();
  const typed = input.kind === 'filter' ? input.filter.text : null;
  const filter = useSettled(typed, TYPING_MS);
  const queryKey = ['audit', filter] as const;
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const { body } = await api.get<AuditPage>(newestEntriesPath(filter), signal);
      return withNewer(queryClient.getQueryData<AuditPage>(queryKey), body);
    },
    enabled: useMayLoad(),
    // Every filter that was ever typed is not worth keeping.
    gcTime: 60_000,
  });
  const older = useMutation({
    mutationFn: (next: string) => api.get<AuditPage>(next, new AbortController().signal),
    onSuccess: ({ body }, next) =>
      queryClient.setQueryData<AuditPage>(queryKey, (known) => (known?.next === next ? withOlder(known, body) : known)),
  });
  useCatchUp(input, query.refetch);
  const next = query.data?.next ?? null;
  const run = (): void => {
    if (next !== null && !older.isPending) older.mutate(next);
  };
  return { query, readOlder: { run, isBusy: older.isPending, error: older.error } };
}

/** Looks again when a message that would be listed was heard. */
function useCatchUp(input: FilterInput, refetch: UseQueryResult<AuditPage, Error>['refetch']): void {
  const { events } = useStation();
  const text = input.kind === 'filter' ? input.filter.text : null;
  useEffect(() => {
    const catchUp = new CatchUp({
      look: async (messageId) => {
        const { data } = await refetch({ cancelRefetch: false });
        return data?.items.some(({ id }) => id === messageId) ?? false;
      },
      ...CATCH_UP,
    });
    const unlisten = listenToAll(events, ({ id, subject }) => {
      if (passes(input, subject)) catchUp.expect(id);
    });
    return () => {
      unlisten();
      catchUp.stop();
    };
    // `input` is made anew with every rendering; its text is what it is.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [events, text, refetch]);
}
