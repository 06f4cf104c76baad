// One page of shows by keyset: the next page begins after the last row of this one, so that rows which come and go
// meanwhile neither repeat nor hide others, and a late page costs no more than the first.
import type { Prisma, PrismaClient } from '#prisma';
import { foldText } from '../domain/folded-text.ts';
import { directionOf, fieldOf, type ShowFilters, type ShowOrder, type ShowPosition } from '../domain/show-list.ts';
import type { ShowRecord } from '../domain/show.ts';
import { containing } from './like-pattern.ts';
import { toRecord } from './show-row.ts';

export type ShowPageQuery = {
  readonly filters: ShowFilters;
  readonly order: ShowOrder;
  readonly limit: number;
  /** The last show of the page before. */
  readonly after?: ShowPosition | undefined;
};

export type ShowPage = { readonly shows: readonly ShowRecord[]; readonly hasMore: boolean };

export async function findShowPage(prisma: PrismaClient, query: ShowPageQuery): Promise<ShowPage> {
  const { filters, order, limit, after } = query;
  const rows = await prisma.show.findMany({
    where: { AND: [whereOf(filters), after === undefined ? {} : beyond(after, directionOf(order))] },
    orderBy: orderBy(order),
    take: limit + 1, // one more tells whether there is a next page
  });
  return { shows: rows.slice(0, limit).map(toRecord), hasMore: rows.length > limit };
}

function whereOf({ isActive, isPublic, slug, ids, nameContains }: ShowFilters): Prisma.ShowWhereInput {
  return {
    ...(isActive === undefined ? {} : { isActive }),
    ...(isPublic === undefined ? {} : { isPublic }),
    ...(slug === undefined ? {} : { slug }),
    ...(ids === undefined ? {} : { id: { in: [...ids] } }),
    ...(nameContains === undefined ? {} : { foldedName: { contains: containing(foldText(nameContains)) } }),
  };
}

function orderBy(order: ShowOrder): Prisma.ShowOrderByWithRelationInput[] {
  const direction = directionOf(order);
  switch (fieldOf(order)) {
    case 'id':
      return [{ id: direction }];
    case 'name':
      return [{ foldedName: direction }, { id: direction }];
    case 'updatedAt':
      return [{ updatedAt: direction }, { id: direction }];
  }
}

function beyond(position: ShowPosition, direction: 'asc' | 'desc'): Prisma.ShowWhereInput {
  const further = <Value>(value: Value) => (direction === 'asc' ? { gt: value } : { lt: value });
  const id = further(position.id);
  switch (position.by) {
    case 'id':
      return { id };
    case 'name': {
      const { foldedName } = position;
      return { OR: [{ foldedName: further(foldedName) }, { foldedName, id }] };
    }
    case 'updatedAt': {
      const { updatedAt } = position;
      return { OR: [{ updatedAt: further(updatedAt) }, { updatedAt, id }] };
    }
  }
}
