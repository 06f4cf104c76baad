// Real nats-server and real Postgres as child processes, for `npm start` and for tests. See README.md.
export type { EmbeddedServer } from './embedded-server.ts';
export { EmbeddedServerError, type EmbeddedServerErrorCode } from './embedded-server-error.ts';
export { freePort } from './free-port.ts';
export { type NatsOptions, type NatsServer, startNats } from './start-nats.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './start-postgres.ts';
export { sweepStaleFolders } from './temporary-folder.ts';
