// A new show under a slug derived from its name: the bare one if it is free, which is nearly always, else the one with
// the smallest free number. Those who need a number take turns (a lock for the length of the transaction), so that a
// rush of equal names does not collide again and again.
import type { Content, ResourceRecord } from '../domain/resource.ts';
import { numberedSlugs, slugOf } from '../domain/slug.ts';
import { shows } from '../resources/show.ts';
import { insertUnlessTaken } from './resource-store.ts';
import type { Transaction } from './transactions.ts';

/** The first half of an advisory lock's key: "slug". The second is a hash of the base. */
const SLUG_LOCK = 0x73_6c_75_67;
/** The lock does not hold off those who name their slug themselves; nobody does so ten times in a row. */
const ATTEMPTS_MAX = 10;

/** Null when others kept taking the slugs that were free. */
export async function insertUnderFreeSlug(
  transaction: Transaction,
  content: Content,
  time: Date,
): Promise<ResourceRecord | null> {
  const base = slugOf(String(content['name']));
  const bare = await insertUnlessTaken(transaction, shows, { ...content, slug: base }, time);
  if (bare !== null) return bare;
  await transaction.prisma.$executeRaw`SELECT pg_advisory_xact_lock(${SLUG_LOCK}::int, hashtext(${base}))`;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const slug = await freeNumberedSlug(transaction, base);
    const numbered = await insertUnlessTaken(transaction, shows, { ...content, slug }, time);
    if (numbered !== null) return numbered;
  }
  return null;
}

const NUMBERS_FIRST = 16;

/** Asks for whole names, in growing steps: a pattern would need an index for the database's own collation. */
async function freeNumberedSlug({ prisma }: Transaction, base: string): Promise<string> {
  for (let first = 2, count = NUMBERS_FIRST; ; first += count, count *= 2) {
    const candidates = numberedSlugs(base, first, count);
    const rows = await prisma.show.findMany({ where: { slug: { in: [...candidates] } }, select: { slug: true } });
    const taken = new Set(rows.map(({ slug }) => slug));
    const free = candidates.find((slug) => !taken.has(slug));
    if (free !== undefined) return free;
  }
}
