// GET program/playout/, program/basic/, program/calendar/: what is on between two instants, gaps included.
import { basicEntry, calendarEntry, playoutEntry } from '@longwave/contracts';
import { Problem, route, type Reply, type Route } from '@longwave/runtime';
import { z } from 'zod';
import type { Program } from '../program/program.ts';
import { basicOf } from '../program/playout/basic.ts';
import { calendarOf } from '../program/playout/calendar.ts';
import { playoutOf } from '../program/playout/playout.ts';
import type { Interval } from '../program/time/interval.ts';
import type { ProgramReader } from '../store/program-reader.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A leap year, and a day for each end: what a calendar shows at most. */
const WINDOW_MS_MAX = 368 * DAY_MS;

export type ReadProgramDeps = { readonly program: ProgramReader; readonly now: () => Date };

const instant = (description: string) =>
  z.iso.datetime({ offset: true }).optional().meta({ description, example: '2026-11-21T00:00:00+01:00' });

const query = z.object({
  start: instant('From when on; absent: now'),
  end: instant('Until when, excluded; absent: 24 hours after start'),
});

export function programRoutes(deps: ReadProgramDeps): readonly Route[] {
  return [readPlayout(deps), readBasic(deps), readCalendar(deps)];
}

const contract = {
  method: 'get',
  tags: ['program'],
  permission: 'public',
  description:
    'Entries are half-open, ascending and without gaps: what no timeslot covers the fallback show fills, day by day. ' +
    'An entry that reaches out of the window is given whole. Without a fallback show there are no such entries.',
} as const;

const failures = {
  400: { description: 'The query is wrong', problems: ['invalid-query'] },
  503: { description: 'The database is away', problems: ['database-unavailable'] },
} as const;

function readPlayout(deps: ReadProgramDeps): Route {
  return route({
    ...contract,
    path: '/program/playout/',
    summary: 'What is to be played',
    query,
    responses: { 200: { description: 'The program', body: z.array(playoutEntry) }, ...failures },
    handler: (request) => answer(deps, request.query, playoutOf),
  });
}

function readBasic(deps: ReadProgramDeps): Route {
  return route({
    ...contract,
    path: '/program/basic/',
    summary: 'When which show is on',
    query,
    responses: { 200: { description: 'The program', body: z.array(basicEntry) }, ...failures },
    handler: (request) => answer(deps, request.query, basicOf),
  });
}

const calendar = z
  .object({
    entries: z.array(calendarEntry),
    showIds: z.array(z.int()),
    scheduleIds: z.array(z.int()),
    timeslotIds: z.array(z.int()),
    episodeIds: z.array(z.int()),
    mediaIds: z.array(z.int()),
  })
  .meta({ id: 'Calendar', description: 'The program, and the ids of all it leads to, each once' });

function readCalendar(deps: ReadProgramDeps): Route {
  return route({
    ...contract,
    path: '/program/calendar/',
    summary: 'The program as a website shows it',
    query: query.extend({
      includeVirtual: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'Whether gaps that the fallback show fills are entries, too' }),
    }),
    responses: { 200: { description: 'The program', body: calendar }, ...failures },
    handler: ({ query: { includeVirtual, ...window } }) =>
      answer(deps, window, (program, within) =>
        calendarOf(program, within, { includeVirtual: includeVirtual === 'true' }),
      ),
  });
}

async function answer(
  { program, now }: ReadProgramDeps,
  asked: { readonly start?: string | undefined; readonly end?: string | undefined },
  represent: (program: Program, window: Interval) => unknown,
): Promise<Reply> {
  const window = windowOf(asked, now());
  return { status: 200, body: represent(await program.read(window), window), headers: { 'cache-control': 'no-cache' } };
}

/** Throws Problem 400 `invalid-query`. */
function windowOf(
  { start, end }: { readonly start?: string | undefined; readonly end?: string | undefined },
  now: Date,
): Interval {
  const startMs = start === undefined ? now.getTime() : Date.parse(start);
  const endMs = end === undefined ? startMs + DAY_MS : Date.parse(end);
  if (endMs <= startMs) throw wrongEnd('not_after_start', 'end has to be after start.');
  if (endMs - startMs > WINDOW_MS_MAX) throw wrongEnd('too_long', 'A window has 368 days at most.');
  return { startMs, endMs };
}

function wrongEnd(code: string, detail: string): Problem {
  return new Problem({ status: 400, code: 'invalid-query', errors: [{ parameter: 'end', code, detail }] });
}
