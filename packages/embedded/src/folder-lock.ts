// E2. One server per data folder. nats-server has no lock of its own, and two of them destroy a store; Postgres has
// one, but cannot tell a server that is about to go from one that stays. The lock is a file that names the process
// that started the server (owner) and the server; it counts only while they live, so a killed run locks nobody out.
// It does not see processes of other containers: do not share a data folder between containers.
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError, isSystemError } from './embedded-server-error.ts';
import { eventually } from './eventually.ts';
import { identify, isAlive, type ProcessIdentity } from './process-life.ts';

type Holder = {
  readonly token: string;
  readonly owner: ProcessIdentity | null;
  /** Null while the server is not yet started. */
  readonly server: ProcessIdentity | null;
};

export type FolderLock = {
  /** Says which process the lock is for. Call it in the tick of the spawn: until then only the owner counts. */
  nameServer(pid: number): void;
  /** Harmless when the lock has become another's. */
  release(): void;
};

// The guard (E1) gives a server 20 s before it kills it.
const DEPARTURE_DEADLINE_MS = 25_000;
// A process that was killed this moment looks alive until the kernel has taken it down.
const DEATH_THROES_MS = 500;

/**
 * Locks a folder that exists. A server whose owner was killed is on its way out (E1): that one is waited for.
 * @throws EmbeddedServerError `already-running` when a live server, or a start in progress, holds the folder.
 */
export async function lockFolder(folder: string, serverName: string): Promise<FolderLock> {
  const file = join(folder, 'longwave.lock');
  const holder: Holder = { token: randomUUID(), owner: identify(process.pid), server: null };
  const start = performance.now();
  const outcome = await eventually(() => {
    const attempt = tryLock(file, holder);
    return attempt === 'held' && performance.now() - start < DEATH_THROES_MS ? undefined : attempt;
  }, DEPARTURE_DEADLINE_MS);
  if (outcome !== 'locked') throw alreadyRunning(folder, serverName, readHolder(file));
  return {
    nameServer: (pid) => {
      const draft = writeDraft(file, { ...holder, server: identify(pid) });
      renameSync(draft, file);
    },
    release: () => {
      if (readHolder(file)?.token === holder.token) rmSync(file, { force: true });
    },
  };
}

/** `undefined`: worth another try. */
function tryLock(file: string, holder: Holder): 'locked' | 'held' | undefined {
  if (createLock(file, holder)) return 'locked';
  const other = readHolder(file);
  if (other === undefined) return undefined;
  switch (standingOf(other)) {
    case 'held':
      return 'held';
    case 'departing':
      return undefined;
    case 'stale':
      removeStale(file, other);
      return undefined;
  }
}

function standingOf({ owner, server }: Holder): 'held' | 'departing' | 'stale' {
  const ownerLives = owner !== null && isAlive(owner);
  const serverLives = server !== null && isAlive(server);
  if (!ownerLives) return serverLives ? 'departing' : 'stale';
  // An owner whose server has died is about to release the lock, or to start another.
  return server === null || serverLives ? 'held' : 'departing';
}

// Written aside and linked: the lock appears whole or not at all, and only one of several can make it.
function createLock(file: string, holder: Holder): boolean {
  const draft = writeDraft(file, holder);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

// Two may find the same stale lock, and the slower could take away what the faster has made since: so it is moved,
// looked at again, and put back if it is not the stale one.
function removeStale(file: string, stale: Holder): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside)?.token !== stale.token) linkSync(aside, file);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeDraft(file: string, holder: Holder): string {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(holder));
  return draft;
}

/** `undefined`: there is no lock. A lock that cannot be understood (power loss) is one that nobody holds. */
function readHolder(file: string): Holder | undefined {
  try {
    return parseHolder(readFileSync(file, 'utf8'));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError) return { token: '', owner: null, server: null };
    throw error;
  }
}

function parseHolder(text: string): Holder {
  const value: unknown = JSON.parse(text);
  const token = member(value, 'token');
  return {
    token: typeof token === 'string' ? token : '',
    owner: parseIdentity(member(value, 'owner')),
    server: parseIdentity(member(value, 'server')),
  };
}

function parseIdentity(value: unknown): ProcessIdentity | null {
  const pid = member(value, 'pid');
  const birth = member(value, 'birth');
  return typeof pid === 'number' && pid > 0 && typeof birth === 'string' ? { pid, birth } : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function alreadyRunning(folder: string, serverName: string, holder: Holder | undefined): EmbeddedServerError {
  const who = holder?.server ?? holder?.owner;
  const which = who === undefined || who === null ? '' : ` (process ${who.pid})`;
  return new EmbeddedServerError(
    'already-running',
    `${serverName} is already running on the data folder ${folder}${which}. ` +
      'Stop that one first, or give this one another folder.',
  );
}
