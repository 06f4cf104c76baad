// Between a package as the domain knows it and its row. What was not said is NULL there and absent here.
import { packageResource } from '@longwave/contracts';
import { Prisma, type Package as PackageRow } from '#prisma';
import type { PackageContent, PackageKey, PackageRecord } from '../domain/package.ts';

export function toRecord(row: PackageRow): PackageRecord {
  const { namespace, name, version, description, vendor, signature, dependencies, ...record } = row;
  const content = {
    description: description ?? undefined,
    vendor: vendor ?? undefined,
    signature: signature ?? undefined,
    // A column of JSON has no type.
    dependencies: packageResource.shape.dependencies.parse(dependencies ?? undefined),
  };
  return { namespace, packageId: { name, version }, content, ...record };
}

export function toColumns({ description, vendor, signature, dependencies }: PackageContent) {
  return {
    description: description ?? null,
    vendor: vendor ?? null,
    signature: signature ?? null,
    dependencies: dependencies?.map(({ name, range }) => ({ name, range })) ?? Prisma.DbNull,
  };
}

export function toPrimaryKey({ namespace, packageId }: PackageKey): Prisma.PackageWhereUniqueInput {
  return { namespace_name_version: { namespace, ...packageId } };
}
