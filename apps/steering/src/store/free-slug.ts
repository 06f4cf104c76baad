// A new show under a slug derived from its name. Shows with the same base are made one after the other (a lock for the
// length of the transaction), so that a rush of equal names finds its numbers without colliding.
import type { ShowInput } from '@longwave/contracts';
import type { ShowRecord } from '../domain/show.ts';
import { freeSlug, slugOf } from '../domain/slug.ts';
import { insertShow } from './insert-show.ts';
import type { Transaction } from './transactions.ts';

/** The first half of an advisory lock's key: "slug". The second is a hash of the base. */
const SLUG_LOCK = 0x73_6c_75_67;
/** The lock does not hold off those who name their slug themselves; nobody does so ten times in a row. */
const ATTEMPTS_MAX = 10;

/** Null when others kept taking the slugs that were free. Throws UnknownPredecessorError. */
export async function insertUnderFreeSlug(
  transaction: Transaction,
  input: ShowInput,
  time: Date,
): Promise<ShowRecord | null> {
  const base = slugOf(input.name);
  await transaction.prisma.$executeRaw`SELECT pg_advisory_xact_lock(${SLUG_LOCK}::int, hashtext(${base}))`;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const slug = freeSlug(base, await takenSlugs(transaction, base));
    const show = await insertShow(transaction, { ...input, slug }, time);
    if (show !== null) return show;
  }
  return null;
}

/** `base` has letters, digits and hyphens only, so it means itself in a pattern. */
async function takenSlugs({ prisma }: Transaction, base: string): Promise<ReadonlySet<string>> {
  const where = { OR: [{ slug: base }, { slug: { startsWith: `${base}-` } }] };
  const rows = await prisma.show.findMany({ where, select: { slug: true } });
  return new Set(rows.map(({ slug }) => slug));
}
