// Keeps the schedules that have no last date planned a year ahead: looks now and then for those that are not, and plans
// each in a transaction of its own, so that nobody waits longer for the program lock than one schedule takes. (B6)
import { pause, type Log, type Time } from '@longwave/messaging';
import type { Cause } from '@longwave/messaging/contract';

/** A day's date is planned within this time of its coming into the year. */
const INTERVAL_MS = 10 * 60 * 1_000;

export type ScheduleRollerOptions = {
  /** The schedules that have no last date. */
  readonly findRolling: () => Promise<readonly number[]>;
  /** Plans one further, if there is anything to plan; whichever replica comes second finds nothing. */
  readonly roll: (cause: Cause, id: number) => Promise<void>;
  readonly newCause: () => Cause;
  readonly time: Time;
  readonly log: Log;
};

export type ScheduleRoller = { stop(): Promise<void> };

export function startScheduleRoller(options: ScheduleRollerOptions): ScheduleRoller {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await rollAll(options, stopping.signal);
      await pause(options.time, INTERVAL_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function rollAll(
  { findRolling, roll, newCause, log }: ScheduleRollerOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const id of await findRolling()) {
      if (signal.aborted) return;
      await roll(newCause(), id);
    }
  } catch (error) {
    // What is planned reaches a year; the next round is soon.
    log.warn({ err: error }, 'schedules could not be planned further now');
  }
}
