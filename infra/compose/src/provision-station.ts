// What must be there before a service starts: its database with all migrations, its secret, the streams. Idempotent, so
// it runs at every start; a new version brings its own.
//
// B1  A service can connect to its own database and to no other.
// B2  Running it again changes nothing that is as it should be; after a restore it makes secrets and roles agree.
import { join } from 'node:path';
import { applyMigrations, findServices, type Service } from '@longwave/database';
import { applyTopology, type TopologyTarget } from '@longwave/streams';
import { Client } from 'pg';
import { databaseSecret } from './database-secret.ts';
import { ensureOwnDatabase } from './own-database.ts';

export type ProvisionOptions = {
  /** A superuser. */
  readonly adminDatabaseUrl: string;
  /** How services reach the same server. */
  readonly host: string;
  readonly port: number;
  /** Has a folder for each service that has a database. */
  readonly secretsDirectory: string;
  /** Has `apps/<service>/prisma`. */
  readonly root: string;
  readonly broker: TopologyTarget;
  readonly print: (line: string) => void;
};

/** Rejects with MigrationError, StreamsError, or what Postgres and the file system fail with. */
export async function provisionStation(options: ProvisionOptions): Promise<void> {
  const { adminDatabaseUrl, root, broker, print } = options;
  const admin = new Client({ connectionString: adminDatabaseUrl, application_name: 'provision' });
  await admin.connect();
  try {
    for (const service of await findServices(root)) await provisionDatabase(admin, service, options);
  } finally {
    await admin.end();
  }
  await applyTopology({ ...broker, log: print });
  print('streams: all is as the topology says');
}

async function provisionDatabase(
  admin: Client,
  { name, databaseName, directory }: Service,
  { host, port, secretsDirectory, print }: ProvisionOptions,
): Promise<void> {
  const url = await databaseSecret(join(secretsDirectory, name), { host, port, name: databaseName });
  const { username, password } = new URL(url);
  await ensureOwnDatabase(admin, { role: username, password, database: databaseName });
  const { total } = await applyMigrations({
    url,
    directory,
    onApplied: (migration) => print(`${name}: applied ${migration}`),
  });
  print(`${name}: all ${total} migrations are applied`);
}
