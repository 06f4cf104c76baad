// Which processes live, and whose children they are. A process id alone proves little: ids are used again, and mean
// something else in another container. With the moment of birth and the id namespace it is an identity that can be
// written to a file and judged later. Away from Linux only the id is known.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isSystemError } from './embedded-server-error.ts';

export type ProcessIdentity = { readonly pid: number; readonly birth: string };

type ProcessStatus = { readonly state: string; readonly parent: number; readonly birth: string };

/** The identity of a process that lives now. */
export function identify(pid: number): ProcessIdentity {
  return { pid, birth: statusOf(pid)?.birth ?? '' };
}

/** False also for a zombie, and for another process that got the same id. */
export function isAlive(identity: ProcessIdentity): boolean {
  const status = statusOf(identity.pid);
  if (status !== undefined) return status.birth === identity.birth && status.state !== 'Z';
  return process.platform !== 'linux' && answersSignals(identity.pid);
}

/** The children of a process; not their children. */
export function childrenOf(pid: number): readonly ProcessIdentity[] {
  const children = process.platform === 'linux' ? childrenInProc(pid) : childrenInPs(pid);
  return children.map(identify);
}

/** Sends a signal to a process that may be gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}

/** Names the space in which process ids are unique: a container has its own. Empty where the system does not tell. */
export function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES', 'EINVAL')) return '';
    throw error;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

// proc_pid_stat(5): `pid (name) state ppid … starttime …`, and the name may contain anything, even `) `.
function statusOf(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent), birth: rest[17] ?? '' };
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ESRCH', 'ENOTDIR')) return undefined;
    throw error;
  }
}

function childrenInProc(pid: number): readonly number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((id) => statusOf(id)?.parent === pid);
}

function childrenInPs(pid: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([id, parent]) => (id !== undefined && parent === pid ? [id] : []));
}
