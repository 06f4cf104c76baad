// Holds a station still for whoever takes a backup: run it in the container of steering. It prints `quiet` when nothing
// is written and nothing is on its way, and lets everything go on when its standard input ends, which also happens when
// whoever started it dies. Exit code 0; 1, and a sentence, when the station did not come to rest or did not stay so.
import { once } from 'node:events';
import { pauseWrites, type WritePause } from '@longwave/database';
import { natsSettings } from '@longwave/messaging/jetstream';
import { readConfig } from '@longwave/runtime';
import { z } from 'zod';
import { untilDrained } from './until-drained.ts';

const settings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(?:ql)?$/ }).meta({ description: 'the Postgres of steering' }),
  NATS_MONITOR_URL: natsSettings.NATS_MONITOR_URL.unwrap().meta({ description: 'the monitor of nats-server' }),
});

/** Longer than any write takes; it is seconds in which clients are told to come back. */
const PAUSE_WITHIN_MS = 15_000;
const DRAIN_WITHIN_MS = 30_000;
/** No backup is worth a station that takes no writes for longer. */
const HOLD_MS_MAX = 15 * 60_000;

async function holdWrites(): Promise<void> {
  const config = readConfig(settings, process.env);
  const ended = Promise.race([once(process.stdin.resume(), 'end'), once(process.stdin, 'close')]);
  const pause = await pauseWrites({ url: config.DATABASE_URL, withinMs: PAUSE_WITHIN_MS });
  try {
    await untilDrained({ databaseUrl: config.DATABASE_URL, monitorUrl: config.NATS_MONITOR_URL }, DRAIN_WITHIN_MS);
    process.stdout.write('quiet\n');
    await Promise.race([ended, pause.lost, tooLong(pause)]);
  } finally {
    await pause.release();
  }
}

function tooLong(pause: WritePause): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`held for ${HOLD_MS_MAX} ms: let go`)), HOLD_MS_MAX);
    timer.unref();
    // The connection keeps the process alive, not this.
    pause.lost.catch(() => clearTimeout(timer));
  });
}

await holdWrites().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
// The end of standard input is one of several ways out; what is left of it must not keep the process.
process.stdin.destroy();
