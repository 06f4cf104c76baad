// One service as a child process: started, watched, started again when it dies, stopped.
//
// V1  a service that dies is started again, sooner the first time and later each time, and that is said.
// V2  a service never outlives this process: the IPC channel closes with it, and the service stops itself.
// V3  what a service logs is in its file, whatever becomes of it.
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { endProcess } from './end-process.ts';
import { inRepository } from './repository.ts';
import type { ServiceName } from './services.ts';
import { StartError } from './start-error.ts';

export type ServiceProcess = {
  readonly name: ServiceName;
  /** The process that runs now; undefined between two. */
  pid(): number | undefined;
  /** Resolves once the service listens; rejects when it does not, with the end of its log. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 30_000;
/** A little more than the services' own deadline. */
const STOP_WITHIN_MS = 9_000;
const RESTART_WAIT_MS_MIN = 100;
const RESTART_WAIT_MS_MAX = 10_000;
/** Who has run for so long did not die of its start. */
const SOUND_AFTER_MS = 30_000;
const LOG_TAIL_LINES = 12;

const listening = z.object({ type: z.literal('listening') });

export function startService(options: {
  readonly name: ServiceName;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Told whenever the service has died and is started again. */
  readonly onRestart: (name: ServiceName, why: string) => void;
}): ServiceProcess {
  const { name, environment, logFile, onRestart } = options;
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const stopping = new AbortController();
  const tail: string[] = [];
  let child: ChildProcess | undefined;

  const launch = (): ChildProcess => {
    const launched = fork(inRepository('apps', name, 'src', 'main.ts'), {
      cwd: inRepository('apps', name),
      env: environment,
      execArgv: ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C in a terminal reaches a whole process group; the order of the stop is ours.
      detached: true,
    });
    record(launched, log, tail);
    // Not 'exit': what it said last is still to be read then, and stop() ends the log once there is no child.
    launched.once('close', () => (child = undefined));
    return launched;
  };

  const keep = async (): Promise<void> => {
    let waitMs = RESTART_WAIT_MS_MIN;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      child ??= launch();
      const [code, signal] = await once(child, 'close');
      if (stopping.signal.aborted) return;
      onRestart(name, `it ended with ${signal ?? `exit code ${code}`}`);
      waitMs =
        performance.now() - startedAt > SOUND_AFTER_MS
          ? RESTART_WAIT_MS_MIN
          : Math.min(waitMs * 2, RESTART_WAIT_MS_MAX);
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined); // (V1)
    }
  };

  child = launch();
  const ready = whenListening(name, child, tail, logFile);
  const kept = ready.then(keep, () => undefined);
  return {
    name,
    pid: () => child?.pid,
    ready,
    stop: async () => {
      stopping.abort();
      if (child !== undefined) await endProcess(child, STOP_WITHIN_MS);
      await kept;
      await new Promise<void>((resolve) => log.end(() => resolve()));
    },
  };
}

async function whenListening(
  name: string,
  child: ChildProcess,
  tail: readonly string[],
  logFile: string,
): Promise<void> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  const settled = new AbortController();
  const signal = AbortSignal.any([deadline, settled.signal]);
  const fail = (why: string): StartError =>
    new StartError(`${name} ${why}. The end of ${logFile}:\n${tail.join('\n')}`);
  try {
    await Promise.race([
      heardListening(child, signal),
      once(child, 'close', { signal }).then(([code, killedBy]) =>
        Promise.reject(fail(`did not start: it ended with ${killedBy ?? `exit code ${code}`}`)),
      ),
    ]);
  } catch (error) {
    if (deadline.aborted) throw fail(`was not ready within ${READY_WITHIN_MS / 1_000} s`);
    throw error;
  } finally {
    settled.abort();
  }
}

async function heardListening(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [message] = await once(child, 'message', { signal });
    if (listening.safeParse(message).success) return;
  }
}

/** (V3) */
function record(child: ChildProcess, log: WriteStream, tail: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      log.write(text);
      tail.push(...text.split('\n').filter((line) => line !== ''));
      tail.splice(0, Math.max(0, tail.length - LOG_TAIL_LINES));
    });
  }
}
