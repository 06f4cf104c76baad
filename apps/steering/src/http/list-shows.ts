// GET shows/
import { pageOf, show } from '@longwave/contracts';
import { decimalInteger, route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { readShowCursor, showCursor, showOrders, type ShowFilters } from '../domain/show-list.ts';
import { representShow, SHOW_ID_MAX } from '../domain/show.ts';
import type { ShowStore } from '../store/show-store.ts';
import { pageTag } from './entity-tag.ts';
import { nextPage } from './next-page.ts';
import { pageParameters } from './parameters.ts';

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({
      description,
      override: ({ jsonSchema }) => {
        delete jsonSchema.enum;
        jsonSchema.type = 'boolean';
      },
    });

const IDS_MAX = 200;
const ids = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(decimalInteger({ min: 1, max: SHOW_ID_MAX })).max(IDS_MAX))
  .optional()
  .meta({
    description: `Only these, at most ${IDS_MAX}, separated by commas`,
    example: '1,2,3',
    override: ({ jsonSchema }) => {
      jsonSchema.type = 'string';
    },
  });

const query = z.object({
  isActive: flag('Only those that are, or are not, still produced'),
  isPublic: flag('Only those that listeners may, or may not, see'),
  slug: z.string().max(255).optional().meta({ description: 'Only the one with this slug', example: 'morning-wave' }),
  ids,
  q: z
    .string()
    .max(255)
    .optional()
    .meta({ description: 'Only those whose name contains this, whatever the case and the accents', example: 'wave' }),
  order: z
    .enum(showOrders)
    .default('id')
    .meta({ description: 'By name without regard to case and accents; `-` for descending' }),
  ...pageParameters,
});

export function listShows({ shows }: { readonly shows: ShowStore }): Route {
  return route({
    method: 'get',
    path: '/shows/',
    summary: 'All shows, by pages',
    description: 'A show that is there all the time while you follow `next` is listed once.',
    tags: ['shows'],
    permission: 'public',
    query,
    responses: {
      200: { description: 'A page', body: pageOf(show), headers: { etag: 'The version of the page' } },
      304: { description: 'The page still has the ETag of If-None-Match' },
      400: { description: 'The query is wrong', problems: ['invalid-query', 'invalid-cursor'] },
      503: { description: 'The database is away', problems: ['database-unavailable'] },
    },
    handler: async ({ query: asked }) => {
      const { order, limit, cursor, q, ...rest } = asked;
      const filters: ShowFilters = { ...rest, nameContains: q };
      const after = cursor === undefined ? undefined : readShowCursor(order, filters, cursor);
      const page = await shows.list({ filters, order, limit, after });
      const last = page.hasMore ? page.shows.at(-1) : undefined;
      const repeated = { ...asked, ids: asked.ids?.join(',') };
      const next = last === undefined ? null : nextPage('/shows/', repeated, showCursor(order, filters, last));
      const tagged = page.shows.map(({ id, revision }) => ({ identity: String(id), revision }));
      return {
        status: 200,
        body: { items: page.shows.map(representShow), next },
        headers: { etag: pageTag(tagged, next) },
      };
    },
  });
}
