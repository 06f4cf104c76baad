// Makes sentences for a person of what a start fails with because of the machine or the settings: no server there, no
// right to write. Any other error is a fault of ours and stays what it is, with its stack.
import { databaseFailure, MigrationError } from '@longwave/database';
import { EmbeddedServerError } from '@longwave/embedded';
import { StreamsError } from '@longwave/streams';
import { StartError } from './start-error.ts';

/** What Postgres answers to a role that may not create databases or tables. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** A StartError with the error as its cause, or the error itself. */
export function explainFailure(error: unknown): unknown {
  // These were written for whoever reads them here, and end with what to do.
  const isExplained =
    error instanceof EmbeddedServerError || error instanceof StreamsError || error instanceof MigrationError;
  return isExplained ? new StartError(error.message, { cause: error }) : error;
}

/** The same for what comes from Postgres. Its own words never hold the password. */
export function explainDatabaseFailure(error: unknown): unknown {
  if (databaseFailure(error) !== 'unavailable' && codeOf(error) !== INSUFFICIENT_PRIVILEGE)
    return explainFailure(error);
  return new StartError(
    `Postgres does not serve this station: ${wordsOf(error)}. Start it, correct DATABASE_URL (postgres://user:password@host:5432/postgres, a role that may create databases), or remove DATABASE_URL to have an embedded one.`,
    { cause: error },
  );
}

/** A host with several addresses that all refuse is an error without words. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words === '' ? (codeOf(error) ?? 'it does not answer') : words;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
