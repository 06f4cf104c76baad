// Tells what an error from the database means for the one who asked: try later (503), a conflict (409), or our bug.
// Takes errors of pg, of Prisma and of Prisma's driver adapter, at any depth of wrapping.
// Sources: https://www.postgresql.org/docs/18/errcodes-appendix.html, https://www.prisma.io/docs/orm/reference/error-reference

export type DatabaseFailure =
  /** The database cannot serve anybody now: answer 503. Whether a commit in flight succeeded is unknown. */
  | 'unavailable'
  | 'unique-violation'
  | 'foreign-key-violation'
  /** Two transactions collided; nothing was done, the same transaction may be run again. */
  | 'serialization'
  /** Not a failure of the database, or one that only a change of the program cures. */
  | 'other';

/** SQLSTATEs, whole or by their class of two characters. */
const bySqlState = tableOf({
  '23505': 'unique-violation',
  '23503': 'foreign-key-violation',
  '23001': 'foreign-key-violation', // RESTRICT
  '40001': 'serialization',
  '40P01': 'serialization', // deadlock
  '08': 'unavailable', // connection exceptions
  '28': 'unavailable', // not let in
  '53': 'unavailable', // out of connections, disk, memory
  '58': 'unavailable', // I/O errors
  '3D000': 'unavailable', // the database does not exist (yet)
  '25006': 'unavailable', // read-only: a standby was promoted elsewhere
  '25P03': 'unavailable', // idle in transaction for too long
  '25P04': 'unavailable', // transaction timeout
  '55P03': 'unavailable', // lock not available in time
  '57014': 'unavailable', // statement timeout
  '57P01': 'unavailable', // shutting down
  '57P02': 'unavailable', // crashed
  '57P03': 'unavailable', // starting up
  '57P05': 'unavailable', // idle session timeout
});

const byPrismaCode = tableOf({
  P1000: 'unavailable', // authentication failed
  P1001: 'unavailable', // cannot reach the server
  P1002: 'unavailable', // reached, but timed out
  P1003: 'unavailable', // the database does not exist
  P1008: 'unavailable', // operation timed out
  P1010: 'unavailable', // access denied
  P1011: 'unavailable', // TLS
  P1017: 'unavailable', // the server closed the connection
  P2002: 'unique-violation',
  P2003: 'foreign-key-violation',
  P2024: 'unavailable', // no free connection in time
  P2028: 'unavailable', // the transaction could not start or finish in time
  P2034: 'serialization',
  P2037: 'unavailable', // too many connections
});

/** `cause.kind` of a DriverAdapterError (@prisma/driver-adapter-utils). */
const byAdapterKind = tableOf({
  UniqueConstraintViolation: 'unique-violation',
  ForeignKeyConstraintViolation: 'foreign-key-violation',
  RestrictViolation: 'foreign-key-violation',
  TransactionWriteConflict: 'serialization',
  DatabaseNotReachable: 'unavailable',
  DatabaseDoesNotExist: 'unavailable',
  DatabaseAccessDenied: 'unavailable',
  AuthenticationFailed: 'unavailable',
  ConnectionClosed: 'unavailable',
  SocketTimeout: 'unavailable',
  TlsConnectionError: 'unavailable',
  TooManyConnections: 'unavailable',
});

const socketCodes = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ECONNABORTED'.split(' '),
);

/** pg and pg-pool throw these as plain errors without a code. */
const connectionMessage =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed)/u;

/** How deep wrapped errors are followed; real ones are three deep. */
const depthMax = 8;

export function databaseFailure(error: unknown): DatabaseFailure {
  let level: readonly unknown[] = [error];
  for (let depth = 0; depth < depthMax && level.length > 0; depth += 1) {
    const found = level.map(classify).find((failure) => failure !== undefined);
    if (found !== undefined) return found;
    level = level.flatMap(wrappedIn);
  }
  return 'other';
}

function classify(error: unknown): DatabaseFailure | undefined {
  if (!isObject(error)) return undefined;
  const codes = [error['code'], error['errorCode'], error['originalCode']].filter((code) => typeof code === 'string');
  for (const code of codes) {
    const found = socketCodes.has(code) ? 'unavailable' : (byPrismaCode.get(code) ?? fromSqlState(code));
    if (found !== undefined) return found;
  }
  const { kind, message } = error;
  const found = typeof kind === 'string' ? byAdapterKind.get(kind) : undefined;
  if (found !== undefined) return found;
  return typeof message === 'string' && connectionMessage.test(message) ? 'unavailable' : undefined;
}

/** Node's own codes (ERR_…) and Prisma's are no SQLSTATEs: those have five characters and begin with a digit here. */
function fromSqlState(code: string): DatabaseFailure | undefined {
  return /^\d[0-9A-Z]{4}$/u.test(code) ? (bySqlState.get(code) ?? bySqlState.get(code.slice(0, 2))) : undefined;
}

/** Prisma keeps the adapter's error in `meta.driverAdapterError`; a refused connect to a name with two addresses has `errors`. */
function wrappedIn(error: unknown): readonly unknown[] {
  if (!isObject(error)) return [];
  const { cause, meta, errors } = error;
  return [cause, isObject(meta) ? meta['driverAdapterError'] : undefined, ...(Array.isArray(errors) ? errors : [])];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A map, because codes are strangers' strings and every object has a `constructor`. */
function tableOf(table: Readonly<Record<string, DatabaseFailure>>): ReadonlyMap<string, DatabaseFailure> {
  return new Map(Object.entries(table));
}
