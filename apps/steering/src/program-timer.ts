// Tells `upcoming.now` and `upcoming.24h` when time alone changes them. Every replica has one; the row of the boundary
// decides who tells it (docs/adr/0032).
//
// B4  A boundary is told within LOOK_MS of its time by any replica that lives, also when another one has moved it, or died
//     while it told it: every replica looks at the row, and none believes what it saw for longer than that.
// B5  After an outage the current state is told, once, and nothing of what was missed.
import { pause, type Log, type Time } from '@longwave/messaging';
import type { Cause } from '@longwave/messaging/contract';

/** A look is one row by its index. */
const LOOK_MS = 250;

export type ProgramTimerOptions = {
  /** When something is to be told next; null when nobody has said. */
  readonly findDue: () => Promise<Date | null>;
  /** Tells it, unless another replica has. */
  readonly tick: (cause: Cause, due: Date | null) => Promise<void>;
  readonly newCause: () => Cause;
  /** Called when somebody has told the boundary that was seen last: they may have died before they could send it. */
  readonly nudge: () => void;
  /** What the boundaries are compared with; `time` is what is waited by. */
  readonly now: () => Date;
  readonly time: Time;
  readonly log: Log;
};

export type ProgramTimer = { stop(): Promise<void> };

export function startProgramTimer(options: ProgramTimerOptions): ProgramTimer {
  const stopping = new AbortController();
  const running = run(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function run(options: ProgramTimerOptions, signal: AbortSignal): Promise<void> {
  const { time, log } = options;
  let isFailing = false;
  let seen: Date | null = null;
  while (!signal.aborted) {
    let waitMs = LOOK_MS;
    try {
      const due = await options.findDue();
      if (seen !== null && due?.getTime() !== seen.getTime()) options.nudge();
      seen = due;
      waitMs = await tickIfDue(options, due);
      isFailing = false;
    } catch (error) {
      // The database is away, or too busy: what is due stays due. Once for an outage is enough to be told.
      if (!isFailing) log.warn({ err: error }, 'the program could not be looked at; trying again');
      isFailing = true;
    }
    await pause(time, waitMs, signal);
  }
}

/** Resolves with how long to wait. */
async function tickIfDue({ tick, newCause, now }: ProgramTimerOptions, due: Date | null): Promise<number> {
  const leftMs = due === null ? 0 : due.getTime() - now().getTime();
  if (leftMs > 0) return Math.min(leftMs, LOOK_MS);
  await tick(newCause(), due);
  // What is due next may be soon; a row that is missing is no reason to hurry.
  return due === null ? LOOK_MS : 0;
}
