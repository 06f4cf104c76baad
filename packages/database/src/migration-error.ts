// Why migrations were refused or failed. The code is stable and meant for programs; the message says what to do next.

export type MigrationErrorCode =
  /** A file that was applied has other content now. */
  | 'edited'
  /** An earlier attempt left its file half applied, and a person has to look. */
  | 'failed-before'
  /** A file that was never applied sorts before one that was. */
  | 'out-of-order'
  /** Somebody else is migrating this database and did not finish in time. */
  | 'lock-timeout'
  /** Postgres refused the SQL; all of the file was rolled back. */
  | 'sql-failed'
  /** The connection died in the middle; Postgres rolls the file back. */
  | 'connection-lost'
  /** The file ends the transaction it runs in, so what it did could not be rolled back. */
  | 'own-transaction'
  /** The migrations folder or the schema file cannot be read, or its content makes no sense. */
  | 'invalid-files'
  /** The schema engine could not compute a difference. */
  | 'engine-failed';

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;
  /** The migration it is about, where it is about one. */
  readonly migration: string | undefined;

  constructor(code: MigrationErrorCode, message: string, options: { migration?: string; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.migration = options.migration;
  }
}
