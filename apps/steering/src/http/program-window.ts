// What the routes of the program have in common: the window that is asked for, and how it is answered.
import { Problem, type Reply } from '@longwave/runtime';
import { z } from 'zod';
import { instantText } from '../domain/instant.ts';
import type { Program } from '../program/program.ts';
import type { Interval } from '../program/time/interval.ts';
import type { ProgramReader } from '../store/program-reader.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A leap year, and a day for each end: what a calendar shows at most. */
const WINDOW_MS_MAX = 368 * DAY_MS;

export type AnswerProgramDeps = { readonly program: ProgramReader; readonly now: () => Date };

const instant = (description: string) =>
  instantText.optional().meta({ description, example: '2026-11-21T00:00:00+01:00' });

export const programQuery = z.object({
  start: instant('From when on; absent: now'),
  end: instant('Until when, excluded; absent: 24 hours after start'),
});

/** Of all three routes. */
export const programContract = {
  method: 'get',
  tags: ['program'],
  permission: 'public',
  description:
    'Entries are half-open, ascending and without gaps: what no timeslot covers the fallback show fills, day by day. ' +
    'An entry that reaches out of the window is given whole. Without a fallback show there are no such entries.',
} as const;

export const programFailures = {
  400: { description: 'The query is wrong', problems: ['invalid-query'] },
  503: { description: 'The database is away', problems: ['database-unavailable'] },
} as const;

type AskedWindow = z.output<typeof programQuery>;

/** Throws Problem 400 `invalid-query`. */
export async function answerProgram(
  { program, now }: AnswerProgramDeps,
  asked: AskedWindow,
  represent: (program: Program, window: Interval) => unknown,
): Promise<Reply> {
  const window = windowOf(asked, now());
  return {
    status: 200,
    body: await represent(await program.read(window), window),
    headers: { 'cache-control': 'no-cache' },
  };
}

function windowOf({ start, end }: AskedWindow, now: Date): Interval {
  const startMs = start === undefined ? now.getTime() : Date.parse(start);
  const endMs = end === undefined ? startMs + DAY_MS : Date.parse(end);
  if (endMs <= startMs) throw wrongEnd('not_after_start', 'end has to be after start.');
  if (endMs - startMs > WINDOW_MS_MAX) throw wrongEnd('too_long', 'A window has 368 days at most.');
  return { startMs, endMs };
}

function wrongEnd(code: string, detail: string): Problem {
  return new Problem({ status: 400, code: 'invalid-query', errors: [{ parameter: 'end', code, detail }] });
}
