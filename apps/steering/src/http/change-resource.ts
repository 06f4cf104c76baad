// PUT and PATCH <collection>/{id}/
import { route, type Reply, type RequestCause, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { patchContent, replaceContent } from '../domain/content.ts';
import type { Content, Resource, ResourceRecord } from '../domain/resource.ts';
import {
  aNoun,
  bodyProblems,
  conflicts,
  databaseAway,
  itemParams,
  itemPath,
  WRITE_PERMISSION,
  type ChangeDeps,
} from './collection.ts';
import { checkPreconditions, ifMatchHeader, type Preconditions } from './preconditions.ts';
import { resourceAnswer, resourceReply } from './resource-reply.ts';

export function replaceResource(deps: ChangeDeps): Route {
  const { resource } = deps.store;
  return route({
    ...changeContract(resource),
    path: itemPath(resource),
    params: itemParams(resource),
    method: 'put',
    summary: `Replace ${aNoun(resource)}`,
    description: `Everything that is absent gets its default; what has none stays as it is. ${NOTHING_CHANGED}`,
    body: resource.input,
    handler: (request) => changeResource(deps, { ...request, id: request.params.id }, replaceContent),
  });
}

export function patchResource(deps: ChangeDeps): Route {
  const { resource } = deps.store;
  return route({
    ...changeContract(resource),
    path: itemPath(resource),
    params: itemParams(resource),
    method: 'patch',
    summary: `Change ${aNoun(resource)}`,
    description: `A JSON merge patch (RFC 7396). ${NOTHING_CHANGED}`,
    body: resource.patch,
    handler: (request) => changeResource(deps, { ...request, id: request.params.id }, patchContent),
  });
}

const NOTHING_CHANGED = 'A request that changes nothing has no effect and no message.';

/** What every route that changes a resource declares. */
export function changeContract(resource: Resource) {
  const { noun, type, collection } = resource;
  return {
    tags: [collection],
    permission: WRITE_PERMISSION,
    headers: z.object({ 'if-match': ifMatchHeader }),
    responses: {
      200: { description: `The ${noun} as it is now`, ...resourceAnswer(resource) },
      400: {
        description: 'The request is wrong',
        problems: ['invalid-path', 'invalid-body', 'invalid-json', ...bodyProblems(resource)],
      },
      404: { description: `No such ${noun}`, problems: [`${type}-not-found`] },
      ...conflicts(resource),
      412: { description: 'It has changed since the version named by If-Match', problems: ['precondition-failed'] },
      503: databaseAway,
    },
  };
}

type Change = {
  readonly id: number;
  readonly headers: Preconditions;
  readonly body: Content;
  readonly cause: RequestCause;
};

export async function changeResource(
  { store, transactions }: ChangeDeps,
  { id, headers, body, cause }: Change,
  apply: (current: Content, body: Content) => Content,
): Promise<Reply> {
  const decide = (current: ResourceRecord): Content => {
    checkPreconditions(headers, current);
    return apply(current.content, body);
  };
  const mayChange = Object.keys(body);
  const changed = await transactions.run(cause, (transaction) => store.update(transaction, id, { mayChange, decide }));
  return resourceReply(200, store, changed);
}
