// GET program/calendar/: the program as a website shows it, with everything that its entries lead to, so that nobody has
// to ask for each.
import { calendarEntry, category, episode, media, profile, schedule, show, timeslot } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Content } from '../domain/resource.ts';
import { calendarOf, type Calendar } from '../program/playout/calendar.ts';
import type { ResourceReader } from '../store/resource-store.ts';
import type { ResourceStores } from '../store/resource-stores.ts';
import {
  answerProgram,
  programContract,
  programFailures,
  programQuery,
  type AnswerProgramDeps,
} from './program-window.ts';

export type ReadCalendarDeps = AnswerProgramDeps & { readonly stores: ResourceStores };

const calendar = z
  .object({
    entries: z.array(calendarEntry),
    shows: z.array(show),
    schedules: z.array(schedule),
    timeslots: z.array(timeslot),
    episodes: z.array(episode),
    media: z.array(media),
    profiles: z.array(profile).meta({ description: 'Hosts and contributors' }),
    categories: z.array(category),
  })
  .meta({ id: 'Calendar', description: 'The program, and all that its entries lead to, each once, by id' });

export function readCalendar(deps: ReadCalendarDeps): Route {
  return route({
    ...programContract,
    path: '/program/calendar/',
    summary: 'The program as a website shows it',
    query: programQuery.extend({
      includeVirtual: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'Whether gaps that the fallback show fills are entries, too' }),
    }),
    responses: { 200: { description: 'The program', body: calendar }, ...programFailures },
    handler: ({ query: { includeVirtual, ...window } }) =>
      answerProgram(deps, window, (program, within) =>
        represent(deps.stores, calendarOf(program, within, { includeVirtual: includeVirtual === 'true' })),
      ),
  });
}

async function represent(stores: ResourceStores, { entries, ...ids }: Calendar): Promise<object> {
  const shows = await find(stores.show, ids.showIds);
  const episodes = await find(stores.episode, ids.episodeIds);
  return {
    entries,
    shows,
    schedules: await find(stores.schedule, ids.scheduleIds),
    timeslots: await find(stores.timeslot, ids.timeslotIds),
    episodes,
    media: await find(stores.media, ids.mediaIds),
    profiles: await find(stores.profile, [...idsIn(shows, 'hostIds'), ...idsIn(episodes, 'contributorIds')]),
    categories: await find(stores.category, idsIn(shows, 'categoryIds')),
  };
}

async function find(store: ResourceReader, ids: readonly number[]): Promise<readonly Content[]> {
  if (ids.length === 0) return [];
  const order = { name: 'id', by: undefined, direction: 'asc' } as const;
  const { records } = await store.list({ where: [{ id: { in: [...ids] } }], order, limit: ids.length });
  return store.represent(records);
}

function idsIn(resources: readonly Content[], field: string): readonly number[] {
  return resources.flatMap((resource) => [resource[field]].flat()).filter((id) => typeof id === 'number');
}
