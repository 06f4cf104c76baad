// POST shows/
import { showInput } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Urls } from '../domain/urls.ts';
import type { IdempotencyKeys } from '../store/idempotency-keys.ts';
import type { ShowStore } from '../store/show-store.ts';
import type { Transactions } from '../store/transactions.ts';
import { answerOnce, idempotencyKeyHeader, replayedHeader } from './idempotency.ts';
import { showAnswer, showReply } from './show-reply.ts';

export type CreateShowDeps = {
  readonly shows: ShowStore;
  readonly transactions: Transactions;
  readonly keys: IdempotencyKeys;
  readonly urls: Urls;
};

export function createShow({ shows, transactions, keys, urls }: CreateShowDeps): Route {
  return route({
    method: 'post',
    path: '/shows/',
    summary: 'Create a show',
    description: 'Only a name is needed. Without a slug one is derived from the name and made unique.',
    tags: ['shows'],
    permission: 'program:write',
    headers: z.object({ 'idempotency-key': idempotencyKeyHeader }),
    body: showInput,
    responses: {
      201: {
        description: 'The new show',
        body: showAnswer.body,
        headers: { ...showAnswer.headers, location: 'Its absolute address', ...replayedHeader },
      },
      400: { description: 'The request is wrong', problems: ['invalid-body', 'invalid-json', 'unknown-predecessor'] },
      409: { description: 'Another show has the slug', problems: ['slug-taken'] },
      422: { description: 'The key was used for another body', problems: ['idempotency-key-reused'] },
      503: { description: 'The database is away', problems: ['database-unavailable', 'too-busy'] },
    },
    handler: ({ body, headers, cause }) =>
      transactions.run(cause, (transaction) => {
        const request = { caller: cause.actor, route: 'POST /shows/', key: headers['idempotency-key'], body };
        return answerOnce(keys, transaction, request, async () => {
          const show = await shows.create(transaction, body);
          const { headers: tags, ...reply } = showReply(201, show);
          return { ...reply, headers: { ...tags, location: urls.show(show.id) } };
        });
      }),
  });
}
