// The packages. Like the shows: the row is locked before anything is decided about it.
import type { PackageId } from '@longwave/contracts';
import type { PrismaClient } from '#prisma';
import { changeTime } from '../domain/change-time.ts';
import type { PackageFilters } from '../domain/package-list.ts';
import { PackageNotFoundError } from '../domain/package-not-found-error.ts';
import {
  isSamePackage,
  type PackageContent,
  type PackageDrafts,
  type PackageKey,
  type PackageRecord,
} from '../domain/package.ts';
import { toColumns, toPrimaryKey, toRecord } from './package-row.ts';
import type { Transaction } from './transactions.ts';

export type PackagePage = { readonly packages: readonly PackageRecord[]; readonly hasMore: boolean };

/** What a PUT was. */
export type PutPackage = PackageKey & {
  readonly content: PackageContent;
  readonly drafts: PackageDrafts;
  /** Objects by throwing; given undefined when there is no such package yet. */
  readonly accept: (current: PackageRecord | undefined) => void;
};

export type PackageStore = {
  list(query: {
    readonly filters: PackageFilters;
    readonly limit: number;
    readonly after?: PackageId | undefined;
  }): Promise<PackagePage>;
  /** Throws PackageNotFoundError. */
  find(key: PackageKey): Promise<PackageRecord>;
  /** Makes or replaces a package; the same content again is no change and tells nothing. Throws what `accept` throws. */
  put(transaction: Transaction, put: PutPackage): Promise<{ readonly record: PackageRecord; readonly isNew: boolean }>;
};

export type PackageStoreOptions = { readonly prisma: PrismaClient; readonly now: () => Date };

export function createPackageStore({ prisma, now }: PackageStoreOptions): PackageStore {
  return {
    list: async ({ filters, limit, after }) => {
      const { namespace, name } = filters;
      const beyond =
        after === undefined
          ? {}
          : { OR: [{ name: { gt: after.name } }, { name: after.name, version: { gt: after.version } }] };
      const rows = await prisma.package.findMany({
        where: { AND: [{ namespace, ...(name === undefined ? {} : { name }) }, beyond] },
        orderBy: [{ name: 'asc' }, { version: 'asc' }],
        take: limit + 1, // one more tells whether there is a next page
      });
      return { packages: rows.slice(0, limit).map(toRecord), hasMore: rows.length > limit };
    },
    find: async (key) => {
      const row = await prisma.package.findUnique({ where: toPrimaryKey(key) });
      if (row === null) throw new PackageNotFoundError(key);
      return toRecord(row);
    },
    put: async (transaction, put) => {
      const time = now();
      const current = await lock(transaction, put);
      put.accept(current);
      if (current !== undefined) return { record: await update(transaction, current, put, time), isNew: false };
      const inserted = await insert(transaction, put, time);
      if (inserted !== null) return { record: inserted, isNew: true };
      // Somebody else's first PUT was committed in between.
      const others = await lock(transaction, put);
      put.accept(others);
      if (others === undefined) throw new PackageNotFoundError(put);
      return { record: await update(transaction, others, put, time), isNew: false };
    },
  };
}

async function lock({ prisma }: Transaction, key: PackageKey): Promise<PackageRecord | undefined> {
  const { namespace, packageId } = key;
  await prisma.$queryRaw`
    SELECT revision FROM package
    WHERE namespace = ${namespace} AND name = ${packageId.name} AND version = ${packageId.version} FOR UPDATE`;
  const row = await prisma.package.findUnique({ where: toPrimaryKey(key) });
  return row === null ? undefined : toRecord(row);
}

/** Null when the package is there by now. */
async function insert(transaction: Transaction, put: PutPackage, time: Date): Promise<PackageRecord | null> {
  const { namespace, packageId } = put;
  const data = { namespace, ...packageId, ...toColumns(put.content), createdAt: time, updatedAt: time };
  const [row] = await transaction.prisma.package.createManyAndReturn({ data: [data], skipDuplicates: true });
  if (row === undefined) return null;
  transaction.tell(put.drafts.created);
  return toRecord(row);
}

async function update(
  transaction: Transaction,
  current: PackageRecord,
  put: PutPackage,
  time: Date,
): Promise<PackageRecord> {
  if (isSamePackage(put.content, current.content)) return current;
  const updatedAt = changeTime(time, current.updatedAt);
  const data = { ...toColumns(put.content), updatedAt, revision: { increment: 1 } };
  const row = await transaction.prisma.package.update({ where: toPrimaryKey(current), data });
  transaction.tell(put.drafts.updated);
  return toRecord(row);
}
