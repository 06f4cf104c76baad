// From the spawn to the first answer: ready (E5), or an error that shows what the server said (E8).
import { killProcess } from './embedded-server.ts';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { eventually } from './eventually.ts';
import type { GuardedProcess } from './guarded-process.ts';
import { findTakenPort, PortTaken } from './ports.ts';

const LAST_WORDS_DEADLINE_MS = 1_000;
const LINES_SHOWN = 12;

/**
 * Asks `isReady` until it is true. A server that is not ready in time is killed, and so is one whose `isReady` throws.
 * @returns PortTaken when it ended because one of `ports` was not free.
 * @throws EmbeddedServerError `not-ready`, with the last lines the server wrote.
 */
export async function becomeReady(
  serverName: string,
  server: GuardedProcess,
  ports: readonly number[],
  isReady: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<'ready' | PortTaken> {
  let outcome: 'ready' | 'ended' | undefined;
  try {
    outcome = await eventually(async () => {
      if (server.hasExited()) return 'ended';
      return (await isReady()) ? 'ready' : undefined;
    }, deadlineMs);
  } finally {
    if (outcome !== 'ready') await killProcess(server);
  }
  if (outcome === 'ready') return outcome;
  const lines = await lastWords(server);
  const taken = outcome === 'ended' ? findTakenPort(lines, ports) : undefined;
  if (taken !== undefined) return new PortTaken(taken);
  throw notReady(serverName, outcome === 'ended' ? 'ended' : `was not ready within ${deadlineMs / 1000} s`, lines);
}

/** Names what went wrong and shows the end of what the server wrote. */
export function notReady(serverName: string, what: string, lines: readonly string[]): EmbeddedServerError {
  const said = lines.length === 0 ? 'It wrote nothing.' : `It wrote last:\n${lines.slice(-LINES_SHOWN).join('\n')}`;
  return new EmbeddedServerError(
    'not-ready',
    `${serverName} ${what} instead of starting. Correct what it complains of and start again. ${said}`,
  );
}

/** All that an ended process wrote; waits at most a second for it, because children may hold the pipes. */
export async function lastWords(server: GuardedProcess): Promise<readonly string[]> {
  let closed = false;
  void server.closed.then(() => (closed = true));
  await eventually(() => closed || undefined, LAST_WORDS_DEADLINE_MS);
  return server.lastLines();
}
