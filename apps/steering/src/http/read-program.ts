// GET program/playout/ and program/basic/: what is on between two instants, gaps included.
import { basicEntry, playoutEntry } from '@longwave/contracts';
import { route, type Route } from '@longwave/runtime';
import { z } from 'zod';
import { basicOf } from '../program/playout/basic.ts';
import { playoutOf } from '../program/playout/playout.ts';
import type { ResourceStores } from '../store/resource-stores.ts';
import {
  answerProgram,
  programContract,
  programFailures,
  programQuery,
  type AnswerProgramDeps,
} from './program-window.ts';
import { readCalendar } from './read-calendar.ts';

export type ReadProgramDeps = AnswerProgramDeps & { readonly stores: ResourceStores };

export function programRoutes(deps: ReadProgramDeps): readonly Route[] {
  return [readPlayout(deps), readBasic(deps), readCalendar(deps)];
}

function readPlayout(deps: ReadProgramDeps): Route {
  return route({
    ...programContract,
    path: '/program/playout/',
    summary: 'What is to be played',
    query: programQuery,
    responses: { 200: { description: 'The program', body: z.array(playoutEntry) }, ...programFailures },
    handler: (request) => answerProgram(deps, request.query, playoutOf),
  });
}

function readBasic(deps: ReadProgramDeps): Route {
  return route({
    ...programContract,
    path: '/program/basic/',
    summary: 'When which show is on',
    query: programQuery,
    responses: { 200: { description: 'The program', body: z.array(basicEntry) }, ...programFailures },
    handler: (request) => answerProgram(deps, request.query, basicOf),
  });
}
