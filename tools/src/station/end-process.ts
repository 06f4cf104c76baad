// How a child process is ended: asked, given time, killed. Over is over with its output: 'close' comes after 'exit',
// once what the process wrote last was read from its pipes; whoever keeps that output may close the file then.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** SIGTERM, and SIGKILL after `withinMs`. Resolves when nothing more is heard of a process; it must not be closed yet. */
export async function endProcess(child: ChildProcess, withinMs: number): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const cancel = new AbortController();
  const deadline = sleep(withinMs, 'late' as const, { signal: cancel.signal }).catch(() => 'in time' as const);
  if ((await Promise.race([closed, deadline])) === 'late') child.kill('SIGKILL');
  await closed;
  cancel.abort();
}
