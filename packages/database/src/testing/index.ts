// What tests of the services import: a migrated database of their own.
export { createTestDatabase, testServerUrl } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
