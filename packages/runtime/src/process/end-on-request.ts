// Ends the process when someone asks or something breaks: SIGTERM, SIGINT, a parent that went away, an error
// nobody caught. The service is stopped first, within a deadline (S3, S5); a second signal does not wait (S4).
// Exits explicitly, because a handle somebody forgot must not keep a stopped service alive.
import type { Logger } from '../logger.ts';
import { exitCodes } from './exit-codes.ts';
import type { RunningService } from './with-lifecycle.ts';

export type EndOptions = {
  readonly proc: NodeJS.Process;
  readonly logger: Logger;
  /** Resolves when started: a stop requested before that waits for it, within the same deadline. */
  readonly service: Promise<RunningService>;
  readonly withinMs: number;
};

/** A terminal and a parent often both pass on one Ctrl-C; only a human asks again later than this. */
const sameRequestMs = 250;

/** Installs the handlers; they stay until the process ends. */
export function endOnRequest({ proc, logger, service, withinMs }: EndOptions): void {
  let exitCode: number | undefined;
  let requestedAtMs = 0;

  const end = (reason: string, code: number): void => {
    const isFirst = exitCode === undefined;
    exitCode = Math.max(exitCode ?? code, code);
    if (!isFirst) return;
    requestedAtMs = performance.now();
    logger.info({ reason, withinMs }, 'stopping');
    setTimeout(() => {
      logger.fatal({ withinMs }, 'did not stop in time; exiting');
      proc.exit(exitCodes.failed);
    }, withinMs);
    stopService(service, logger).then(
      (stopped) => proc.exit(stopped ? exitCode : exitCodes.failed),
      () => proc.exit(exitCodes.failed),
    );
  };

  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode === undefined) return end(signal, exitCodes.stopped);
    if (performance.now() - requestedAtMs < sameRequestMs) return;
    logger.warn({ signal }, 'asked again; exiting at once');
    proc.exit(exitCodes.failed);
  };
  const onCrash = (error: unknown, origin: string): void => {
    logger.fatal({ err: error, origin }, 'an error nobody caught');
    end(origin, exitCodes.failed);
  };

  proc.on('SIGTERM', onSignal);
  proc.on('SIGINT', onSignal);
  proc.on('disconnect', () => end('the parent process is gone', exitCodes.stopped));
  // Since Node 15 an unhandled rejection arrives here too, with its origin.
  proc.on('uncaughtException', onCrash);
}

async function stopService(service: Promise<RunningService>, logger: Logger): Promise<boolean> {
  try {
    await (await service).stop();
    logger.info('stopped');
    return true;
  } catch (error) {
    logger.error({ err: error }, 'stopped, but not cleanly');
    return false;
  }
}
