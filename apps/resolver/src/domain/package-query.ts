// Which packages a list shows and where it goes on: the cursor is the last package shown, bound to the question it
// was an answer to, so that it cannot be carried into another namespace or filter.
import { namespace, packageName, packageVersion } from '@longwave/contracts';
import { z } from 'zod';

export type PackageQuery = { readonly namespace: string; readonly name?: string | undefined };

/** A place in the order of packages: by name, then by version, both as text. */
export type PackagePlace = { readonly name: string; readonly version: string };

const cursorContent = z.tuple([namespace, packageName.nullable(), packageName, packageVersion]);

export function encodeCursor(query: PackageQuery, last: PackagePlace): string {
  const content: z.infer<typeof cursorContent> = [query.namespace, query.name ?? null, last.name, last.version];
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** The place after which the list goes on; undefined when `cursor` was not made for `query`. */
export function decodeCursor(query: PackageQuery, cursor: string): PackagePlace | undefined {
  const content = cursorContent.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!content.success) return undefined;
  const [, , name, version] = content.data;
  const place = { name, version };
  // Also refuses what Node's lenient base64 would read as the same.
  return encodeCursor(query, place) === cursor ? place : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a cursor of ours: which is the answer.
    return undefined;
  }
}
