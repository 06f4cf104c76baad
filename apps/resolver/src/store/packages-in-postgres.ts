// Packages in Postgres.
//
// A message is applied in one transaction with its inbox row (V1): both are there, or neither.
// `created_at` is the least of all times told, so that it does not depend on the order in which two replicas apply a
// creation and an update (V2).
import { packageResource, type PackageResource } from '@longwave/contracts';
import { databaseFailure } from '@longwave/database';
import { recordArrival } from '@longwave/messaging/inbox';
import type { Prisma, PrismaClient } from '#prisma';
import type { PackagePlace } from '../domain/package-query.ts';
import { PackagesUnavailableError, type PackageStore } from '../domain/package-store.ts';
import type { PackageTelling } from '../domain/package-telling.ts';

/** Longer than the pool makes a statement wait: the database's own error says more than Prisma's. */
const TRANSACTION = { maxWait: 3_000, timeout: 8_000 };

export function packagesInPostgres(prisma: PrismaClient): PackageStore {
  return {
    apply: (consumer, message, telling) =>
      asking(() =>
        prisma.$transaction(async (transaction) => {
          const { key } = telling;
          const query = (sql: string, ...values: unknown[]): Promise<unknown> =>
            transaction.$queryRawUnsafe(sql, ...values);
          const arrival = await recordArrival(query, consumer, { ...message, key });
          if (arrival === 'new') await write(transaction, telling);
          if (arrival === 'stale') await rememberCreation(transaction, telling);
          return arrival;
        }, TRANSACTION),
      ),
    find: async (id) => {
      const row = await asking(() => prisma.package.findUnique({ where: { namespace_name_version: id } }));
      return row === null ? undefined : resourceOf(row);
    },
    list: async (query, { after, limit }) => {
      const rows = await asking(() =>
        prisma.package.findMany({
          where: { namespace: query.namespace, ...(query.name && { name: query.name }), ...beyond(after) },
          orderBy: [{ name: 'asc' }, { version: 'asc' }],
          take: limit,
        }),
      );
      return rows.map(resourceOf);
    },
  };
}

/** Tells an absent database from everything else that can fail. */
async function asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const failure = databaseFailure(error);
    throw failure === 'unavailable' || failure === 'serialization' ? new PackagesUnavailableError(error) : error;
  }
}

function beyond(after: PackagePlace | undefined): Prisma.PackageWhereInput {
  if (after === undefined) return {};
  const { name, version } = after;
  // The first condition says nothing new; it is what an index can begin at.
  return { AND: [{ name: { gte: name } }, { OR: [{ name: { gt: name } }, { version: { gt: version } }] }] };
}

async function write(transaction: Prisma.TransactionClient, telling: PackageTelling): Promise<void> {
  const { namespace, packageId, description, vendor, signature, dependencies, toldAt } = telling;
  await transaction.$executeRaw`
    INSERT INTO "package" ("namespace", "name", "version", "description", "vendor", "signature", "dependencies",
                           "created_at", "updated_at")
    VALUES (${namespace}, ${packageId.name}, ${packageId.version}, ${description ?? null}, ${vendor ?? null},
            ${signature ?? null}, ${dependencies === undefined ? null : JSON.stringify(dependencies)}::jsonb,
            ${toldAt}, ${toldAt})
    ON CONFLICT ("namespace", "name", "version") DO UPDATE SET
      "description" = EXCLUDED."description", "vendor" = EXCLUDED."vendor", "signature" = EXCLUDED."signature",
      "dependencies" = EXCLUDED."dependencies", "updated_at" = EXCLUDED."updated_at",
      "created_at" = LEAST("package"."created_at", EXCLUDED."created_at")`;
}

/** (V2) */
async function rememberCreation(
  transaction: Prisma.TransactionClient,
  { namespace, packageId, toldAt }: PackageTelling,
): Promise<void> {
  await transaction.package.updateMany({
    where: { namespace, ...packageId, createdAt: { gt: toldAt } },
    data: { createdAt: toldAt },
  });
}

function resourceOf(row: Prisma.PackageGetPayload<object>): PackageResource {
  const { namespace, name, version, description, vendor, signature, dependencies, createdAt, updatedAt } = row;
  return {
    namespace,
    packageId: { name, version },
    ...(description !== null && { description }),
    ...(vendor !== null && { vendor }),
    ...(signature !== null && { signature }),
    // What was written came from a checked message; the column's own type is any JSON.
    ...(dependencies !== null && { dependencies: packageResource.shape.dependencies.parse(dependencies) }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
