// Memory of processes and all their descendants, as Linux counts it. Proportional set size: a page that Postgres shares
// among its processes counts once in the sum, not once for each.
import { readdir, readFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1024;

export async function residentBytes(pids: readonly number[]): Promise<number> {
  const parents = await parentsOfAll();
  const family = new Set(pids);
  // Children have been seen after their parents once nothing is added any more.
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  const sizes = await Promise.all([...family].map(proportionalBytes));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function parentsOfAll(): Promise<ReadonlyMap<number, number>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(async (pid) => [Number(pid), await parentOf(pid)] as const));
  return new Map(stats);
}

async function parentOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in parentheses, may hold anything; the fields count from its end.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

async function proportionalBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * BYTES_PER_KIB;
}
