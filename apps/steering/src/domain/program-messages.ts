// The messages that a decision about the program calls for.
import {
  ProgramDateUpdated,
  ProgramMonthUpdated,
  ProgramUpcoming24hUpdated,
  ProgramUpcomingNowUpdated,
  ProgramWeekUpdated,
} from '@longwave/contracts';
import type { Draft } from '@longwave/messaging/contract';
import type { ProgramMessages } from '../program/change/decide-messages.ts';

/** Narrow timeframes first, and last what is on now: who hears that reads the rest no sooner than it has changed. */
export function programDrafts({ dates, weeks, months, upcomingNow, upcoming24h }: ProgramMessages): readonly Draft[] {
  return [
    ...dates.map((date) => ProgramDateUpdated.of({ date })),
    ...weeks.map((week) => ProgramWeekUpdated.of({ week })),
    ...months.map((month) => ProgramMonthUpdated.of({ month })),
    ...(upcoming24h === null ? [] : [ProgramUpcoming24hUpdated.of([...upcoming24h])]),
    ...(upcomingNow === null ? [] : [ProgramUpcomingNowUpdated.of([...upcomingNow])]),
  ];
}
