// Everything a service or a tool may use of this package. What is not listed here is nobody's business.
export { applyMigrations } from './apply-migrations.ts';
export type { AppliedMigrations, ApplyMigrationsOptions } from './apply-migrations.ts';
export { databaseName, withDatabaseName } from './database-url.ts';
export { ensureDatabase } from './ensure-database.ts';
export { MigrationError } from './migration-error.ts';
export type { MigrationErrorCode } from './migration-error.ts';
export { migrationStatus } from './migration-status.ts';
export type { MigrationStatus } from './migration-status.ts';
