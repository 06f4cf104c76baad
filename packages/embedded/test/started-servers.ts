// Starts servers for one test file and stops what a test has left running, so that a failed test neither hangs Jest
// nor disturbs the next.
import { afterEach } from '@jest/globals';
import type { EmbeddedServer } from '../src/embedded-server.ts';
import { type NatsOptions, type NatsServer, startNats } from '../src/start-nats.ts';
import { type PostgresOptions, type PostgresServer, startPostgres } from '../src/start-postgres.ts';

export type Starters = {
  readonly startNats: (options?: NatsOptions) => Promise<NatsServer>;
  readonly startPostgres: (options?: PostgresOptions) => Promise<PostgresServer>;
};

/** Call it once at the top of a test file. */
export function stoppedAfterEach(): Starters {
  const started: EmbeddedServer[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });
  const remember = <T extends EmbeddedServer>(server: T): T => {
    started.push(server);
    return server;
  };
  return {
    startNats: async (options) => remember(await startNats(options)),
    startPostgres: async (options) => remember(await startPostgres(options)),
  };
}
