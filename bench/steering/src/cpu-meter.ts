// CPU time of processes and of all that they started, as Linux counts it, user and system: what a busy machine distorts
// least.
import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** In milliseconds. What children used that have ended is in their parent's. */
export async function cpuMs(pids: readonly number[]): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = new Map(await Promise.all(names.map(async (pid) => [Number(pid), await usageOf(pid)] as const)));
  const family = new Set(pids);
  // Children have been seen after their parents once nothing is added any more.
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const [pid, { parent }] of processes) if (family.has(parent)) family.add(pid);
  }
  const ticks = [...family].reduce((sum, pid) => sum + (processes.get(pid)?.ticks ?? 0), 0);
  return ticks * MS_PER_TICK;
}

async function usageOf(pid: string): Promise<{ readonly parent: number; readonly ticks: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in parentheses, may hold anything; the fields count from its end: state, parent, …, four times.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, value) => sum + value, 0) };
}
