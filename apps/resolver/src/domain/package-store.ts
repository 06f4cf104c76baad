// What the rest of the service needs of a place where packages are kept. `store/` keeps them in Postgres.
import type { PackageResource } from '@longwave/contracts';
import type { Message } from '@longwave/messaging/contract';
import type { Arrival } from '@longwave/messaging/inbox';
import type { PackagePlace, PackageQuery } from './package-query.ts';
import type { PackageTelling } from './package-telling.ts';

/** All of it rejects with PackagesUnavailableError while the place is away. */
export type PackageStore = {
  /** Applies what `message` tells, unless `consumer` applied it, or a later one of the package, before. */
  apply(consumer: string, message: Message, telling: PackageTelling): Promise<Arrival>;
  find(id: { readonly namespace: string } & PackagePlace): Promise<PackageResource | undefined>;
  /** By name and version, at most `limit`, beginning after a place. */
  list(
    query: PackageQuery,
    page: { readonly after: PackagePlace | undefined; readonly limit: number },
  ): Promise<readonly PackageResource[]>;
};

/** Nothing is wrong with what was asked; the same may work later. Nothing was changed, or all of it. */
export class PackagesUnavailableError extends Error {
  override readonly name = 'PackagesUnavailableError';
  readonly code = 'packages-unavailable';

  constructor(cause: unknown) {
    super('the database does not answer; try again later', { cause });
  }
}
