// POST <collection>/
import { route, type Reply, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Content } from '../domain/resource.ts';
import {
  aNoun,
  bodyProblems,
  collectionPath,
  conflicts,
  databaseAway,
  WRITE_PERMISSION,
  type CollectionDeps,
} from './collection.ts';
import { answerOnce, idempotencyKeyHeader, replayedHeader } from './idempotency.ts';
import { resourceAnswer, resourceReply } from './resource-reply.ts';

export function createResource({ store, transactions, keys, urls }: CollectionDeps): Route {
  const { resource } = store;
  const { noun, collection, input } = resource;
  const path = collectionPath(resource);
  const answer = resourceAnswer(resource);
  return route({
    method: 'post',
    path,
    summary: `Create ${aNoun(resource)}`,
    description: descriptions[resource.type] ?? 'What is absent gets its default.',
    tags: [collection],
    permission: WRITE_PERMISSION,
    headers: z.object({ 'idempotency-key': idempotencyKeyHeader }),
    body: input,
    responses: {
      201: {
        description: `The new ${noun}`,
        body: answer.body,
        headers: { ...answer.headers, location: 'Its absolute address', ...replayedHeader },
      },
      400: {
        description: 'The request is wrong',
        problems: ['invalid-body', 'invalid-json', ...bodyProblems(resource)],
      },
      ...conflicts(resource),
      422: { description: 'The key was used for another body', problems: ['idempotency-key-reused'] },
      503: databaseAway,
    },
    handler: ({ body, headers, cause }) =>
      transactions.run(cause, (transaction) => {
        const request = { caller: cause.actor, route: `POST ${path}`, key: headers['idempotency-key'], body };
        return answerOnce(keys, transaction, request, () => answerCreated(body, transaction));
      }),
  });

  async function answerCreated(body: Content, transaction: Parameters<typeof store.create>[0]): Promise<Reply> {
    const created = await store.create(transaction, body);
    const { headers, ...reply } = await resourceReply(201, store, created);
    return { ...reply, headers: { ...headers, location: urls.resource(resource, created.id) } };
  }
}

const descriptions: Readonly<Record<string, string>> = {
  show: 'Only a name is needed. Without a slug one is derived from the name and made unique.',
};
