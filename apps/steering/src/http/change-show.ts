// What PUT and PATCH of a show have in common: everything but what becomes of it.
import type { Reply, RequestCause } from '@longwave/runtime';
import { z } from 'zod';
import type { ShowContent } from '../domain/show.ts';
import type { ShowStore } from '../store/show-store.ts';
import type { Transactions } from '../store/transactions.ts';
import { showParams } from './parameters.ts';
import { checkPreconditions, ifMatchHeader, type Preconditions } from './preconditions.ts';
import { showAnswer, showReply } from './show-reply.ts';

export type ChangeShowDeps = { readonly shows: ShowStore; readonly transactions: Transactions };

export const changeShowContract = {
  path: '/shows/:id/',
  tags: ['shows'],
  permission: 'program:write',
  params: showParams,
  headers: z.object({ 'if-match': ifMatchHeader }),
  responses: {
    200: { description: 'The show as it is now', ...showAnswer },
    400: {
      description: 'The request is wrong',
      problems: ['invalid-path', 'invalid-body', 'invalid-json', 'unknown-predecessor', 'predecessor-cycle'],
    },
    404: { description: 'No such show', problems: ['show-not-found'] },
    409: { description: 'Another show has the slug', problems: ['slug-taken'] },
    412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
    503: { description: 'The database is away', problems: ['database-unavailable', 'too-busy'] },
  },
} as const;

export async function changeShow(
  { shows, transactions }: ChangeShowDeps,
  request: { readonly params: { readonly id: number }; readonly headers: Preconditions; readonly cause: RequestCause },
  decide: (current: ShowContent) => ShowContent,
): Promise<Reply> {
  const { params, headers, cause } = request;
  const changed = await transactions.run(cause, (transaction) =>
    shows.update(transaction, params.id, (current) => {
      checkPreconditions(headers, current);
      return decide(current);
    }),
  );
  return showReply(200, changed);
}
