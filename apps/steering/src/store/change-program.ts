// A change of the program and what is told of it, in one transaction: the parts that it may touch are read before and
// after it, and what differs decides. Does not take the program lock: that comes first in a transaction, and some need it
// before they know whether they change anything.
import { decideOnChange, decideOnTick, type ProgramMessages } from '../program/change/decide-messages.ts';
import { fallbackScope } from '../program/change/fallback-change.ts';
import { nextTickMs, upcomingScope, UPCOMING_MS } from '../program/change/upcoming.ts';
import { programDrafts } from '../domain/program-messages.ts';
import type { Program } from '../program/program.ts';
import { claimBoundary, findDue, findToldUntil, setBoundaries } from './program-boundaries.ts';
import { lockProgram } from './program-lock.ts';
import { findProgram, findStation, type ProgramSelection } from './program-rows.ts';
import type { Transaction } from './transactions.ts';

/** What a change may touch, beyond `upcoming`, which every change may. */
export type Touched = ProgramSelection & {
  /** The fallback show, or its media: every gap there is. */
  readonly isFallback?: boolean;
};

/** Runs `work` and tells what it made of the program. The program lock is held. */
export async function changeProgram<Result>(
  transaction: Transaction,
  now: () => Date,
  touched: Touched,
  work: () => Promise<Result>,
): Promise<Result> {
  const { prisma } = transaction;
  const time = now();
  const moment = { nowMs: time.getTime(), toldUntilMs: await findToldUntil(prisma) };
  const station = await findStation(prisma);
  const selection = await selectionOf(transaction, touched, station.zone, moment);
  const before = await findProgram(prisma, selection, station);
  const result = await work();
  const after = await findProgram(prisma, selection);
  await tellProgram(transaction, after, decideOnChange(before, after, moment), time);
  return result;
}

/** Tells what the boundary `due` calls for, unless another replica has. (B2) */
export async function tickProgram(transaction: Transaction, now: () => Date, due: Date | null): Promise<void> {
  const { prisma } = transaction;
  await lockProgram(transaction);
  const time = now();
  // Asked before the claim, which makes the boundary itself the last that was told.
  const moment = { nowMs: time.getTime(), toldUntilMs: await findToldUntil(prisma) };
  if (due !== null && !(await claimBoundary(prisma, due, time))) return;
  if (due === null && (await findDue(prisma)) !== null) return;
  const station = await findStation(prisma);
  const program = await findProgram(prisma, await selectionOf(transaction, {}, station.zone, moment), station);
  await tellProgram(transaction, program, decideOnTick(program, moment), time);
}

type Moment = { readonly nowMs: number; readonly toldUntilMs: number | null };

async function selectionOf(
  { prisma }: Transaction,
  { isFallback = false, intervals = [], ...ids }: Touched,
  zone: string,
  { nowMs, toldUntilMs }: Moment,
): Promise<ProgramSelection> {
  const upcoming = upcomingScope(zone, nowMs, toldUntilMs);
  if (!isFallback) return { ...ids, intervals: [...intervals, upcoming] };
  const last = await prisma.timeslot.findFirst({ orderBy: { end: 'desc' }, select: { end: true } });
  const gaps = fallbackScope(zone, nowMs, last?.end.getTime() ?? nowMs);
  return { ...ids, intervals: [...intervals, upcoming, gaps] };
}

async function tellProgram(
  transaction: Transaction,
  program: Program,
  messages: ProgramMessages,
  time: Date,
): Promise<void> {
  for (const draft of programDrafts(messages)) transaction.tell(draft);
  const { toldUntilMs } = messages;
  // Nothing within a day: look again then, because timeslots come nearer meanwhile.
  const dueMs = nextTickMs(program, toldUntilMs) ?? toldUntilMs + UPCOMING_MS;
  await setBoundaries(transaction.prisma, new Date(toldUntilMs), new Date(dueMs), time);
}
