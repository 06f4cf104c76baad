// Which packages a list has and where its pages begin. The order is that of names and, within one, of versions, both
// as text: what is newer is for the resolver to say.
import { packageName, packageVersion, type PackageId } from '@longwave/contracts';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** A list never leaves its namespace. */
export type PackageFilters = { readonly namespace: string; readonly name?: string | undefined };

const position = z.tuple([packageName, packageVersion]);

export function packageCursor(filters: PackageFilters, last: PackageId): string {
  return encodeCursor(scopeOf(filters), [last.name, last.version]);
}

/** Throws InvalidCursorError. */
export function readPackageCursor(filters: PackageFilters, cursor: string): PackageId {
  const [name, version] = decodeCursor(scopeOf(filters), cursor, position);
  return { name, version };
}

function scopeOf({ namespace, name }: PackageFilters): unknown {
  return ['packages', namespace, name ?? null];
}
