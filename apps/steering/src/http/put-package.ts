// PUT packages/{name}/{version}
import { packageInput } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { packageDrafts } from '../domain/package.ts';
import type { Urls } from '../domain/urls.ts';
import type { PackageStore } from '../store/package-store.ts';
import type { Transactions } from '../store/transactions.ts';
import { packageAnswer, packageReply } from './package-reply.ts';
import { namespaceHeader, packageParams } from './parameters.ts';
import { checkPreconditions, ifMatchHeader, ifNoneMatchHeader } from './preconditions.ts';

export type PutPackageDeps = {
  readonly packages: PackageStore;
  readonly transactions: Transactions;
  readonly urls: Urls;
};

export function putPackage({ packages, transactions, urls }: PutPackageDeps): Route {
  return route({
    method: 'put',
    path: '/packages/:name/:version',
    summary: 'Make a package known, or say something else of it',
    description:
      'Replaces all that was said of it: what is absent is removed. The same again has no effect and no message.',
    tags: ['packages'],
    permission: 'fleet:write',
    params: packageParams,
    headers: z.object({
      'x-namespace': namespaceHeader,
      'if-match': ifMatchHeader,
      'if-none-match': ifNoneMatchHeader,
    }),
    body: packageInput,
    responses: {
      200: { description: 'The package as it is now', ...packageAnswer },
      201: {
        description: 'The package is new',
        body: packageAnswer.body,
        headers: { ...packageAnswer.headers, location: 'Its absolute address' },
      },
      400: {
        description: 'The request is wrong',
        problems: ['invalid-path', 'invalid-header', 'invalid-body', 'invalid-json', 'subject-too-long'],
      },
      412: { description: 'It is not in the version that was named', problems: ['precondition-failed'] },
      503: { description: 'The database is away', problems: ['database-unavailable', 'too-busy', 'writes-paused'] },
    },
    handler: async ({ params, headers, body, cause }) => {
      const key = { namespace: headers['x-namespace'], packageId: params };
      // Before the transaction: what could never be told is not stored.
      const drafts = packageDrafts(key, body);
      const { record, isNew } = await transactions.run(cause, (transaction) =>
        packages.put(transaction, {
          ...key,
          content: body,
          drafts,
          accept: (current) => checkPreconditions(headers, current),
        }),
      );
      if (!isNew) return packageReply(200, record);
      const { headers: tags, ...reply } = packageReply(201, record);
      return { ...reply, headers: { ...tags, location: urls.package(params) } };
    },
  });
}
