// What processes have used, as Linux counts it.
import { readFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1_024;
/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time of all of them, user and system, in seconds; a tick is 10 ms. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  // The name, in parentheses, may hold anything; the fields count from its end.
  const ticks = stats.map((stat) =>
    stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number),
  );
  return ticks.flat().reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

/**
 * Memory of their own, in bytes. Kernel buffers of sockets are not in it, and no pages of files either, the program's own
 * among them: a kernel that takes back what nobody has read for some minutes made a process 40 MB smaller by that.
 */
export async function ownBytes(pids: readonly number[]): Promise<number> {
  const rollups = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, 'utf8')));
  const own = /^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB$/gm;
  const kib = rollups.flatMap((text) => Array.from(text.matchAll(own), ([, amount]) => Number(amount)));
  return kib.reduce((sum, value) => sum + value, 0) * BYTES_PER_KIB;
}
