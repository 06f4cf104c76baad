// What the embedded Postgres is told at creation and at every start. Pure. Settings come by command line, so that
// nothing in a kept data folder can override them.

export type PostgresSettings = {
  readonly port: number;
  readonly maxConnections: number;
  /** False gives up every promise about power loss and crashes of the machine. */
  readonly durable: boolean;
};

// A small station: all servers and services together stay below 1 GiB.
const SMALL = {
  shared_buffers: '32MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  jit: 'off',
  huge_pages: 'off',
  // No I/O workers and no replication launcher: processes that a small database never keeps busy.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  // In the data folder: in /dev/shm, where containers have little room, a killed server would leave it behind.
  dynamic_shared_memory_type: 'mmap',
};

const ALWAYS = {
  // E4
  listen_addresses: '127.0.0.1',
  // A socket file would need a short path that this user may write.
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_checkpoints: 'off',
  // Readiness and port-taken are read from the log.
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

// What E3 forbids for data that anyone wants to keep.
const THROW_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Arguments of `postgres`, without `-D`. */
export function renderServerArguments(settings: PostgresSettings): readonly string[] {
  const all = {
    ...ALWAYS,
    ...SMALL,
    port: String(settings.port),
    max_connections: String(settings.maxConnections),
    ...(settings.durable ? {} : THROW_AWAY),
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Arguments of `initdb`, without `-D`. Builtin C.UTF-8 sorts and compares alike on every machine. */
export function renderInitArguments(durable: boolean): readonly string[] {
  return [
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
}

/** The line that `postgres` writes once it accepts connections, also after a crash recovery. */
export function saysReady(line: string): boolean {
  return line.includes('database system is ready to accept connections');
}
