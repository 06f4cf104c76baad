// `npm run migration -- …`: the migrations of all services for people. What it does, the library does; this file
// reads arguments and words the answers. `cli.ts` is the process around it.
import { parseArgs } from 'node:util';

import { applyMigrations } from './apply-migrations.ts';
import { checkDriftOfAll } from './check-drift-of-all.ts';
import { databaseName, withDatabaseName } from './database-url.ts';
import { ensureDatabase } from './ensure-database.ts';
import { makeMigration } from './make-migration.ts';
import { migrationStatus } from './migration-status.ts';
import type { Service } from './services.ts';

export type CommandContext = {
  readonly services: readonly Service[];
  /** DATABASE_URL */
  readonly databaseUrl: string | undefined;
  /** A Postgres for scratch databases, where DATABASE_URL names none. */
  readonly startServer: () => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
  readonly clock: () => Date;
  readonly print: (line: string) => void;
};

/** The arguments make no sense; the message says which do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Migrations of the services (the folders apps/*/prisma).

  npm run migration -- make <service> <name>     writes the SQL that leads to what schema.prisma says now
  npm run migration -- apply <service>|all       brings the database up to the files
  npm run migration -- status [<service>|all]    what is applied, pending, edited
  npm run migration -- drift [<service>|all]     do the migrations lead to what schema.prisma says?

How a schema changes
  1. Edit apps/<service>/prisma/schema.prisma.
  2. make <service> <what it is about>, for example: make steering add_show_logo
  3. Read the file. Prisma sees a renamed column as one dropped and one added: write ALTER … RENAME instead.
     Add by hand what Prisma cannot say (CHECK, trigger, function, grant) and declare it in schema.prisma:
       // only in the migrations: constraint show.show_plays_check
  4. drift <service> says whether file and schema agree. Commit both. Never edit a file that was applied.

Databases
  apply and status use DATABASE_URL. With "all", its database name is replaced by each service's own
  (audit-log: audit_log). apply creates a database that is missing.
  make and drift work in scratch databases on the server of DATABASE_URL; without it they start a Postgres
  of their own. They never touch a database that is there.

Exit code: 0 all is well, 1 something is not (pending, edited, drift, failure), 2 wrong arguments.`;

/** The exit code, 0 or 1. Throws `UsageError`, `MigrationError`, or what the database fails with. */
export async function runMigrationCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(argv);
  const [command, target = 'all', ...rest] = positionals;
  if (values.help === true || command === undefined) {
    context.print(usage);
    return values.help === true ? 0 : 1;
  }
  switch (command) {
    case 'make':
      return await make(oneService(context, target), rest, context);
    case 'apply':
      if (positionals.length < 2) throw new UsageError('apply needs the name of a service, or all');
      return await apply(someServices(context, target), target, context);
    case 'status':
      return await status(someServices(context, target), target, context);
    case 'drift':
      return await drift(someServices(context, target), context);
    default:
      throw new UsageError(`there is no "${command}": use make, apply, status or drift`);
  }
}

async function make(service: Service, words: readonly string[], context: CommandContext): Promise<number> {
  if (words.length === 0) throw new UsageError('make needs a name for the migration, e.g. add_show_logo');
  return withServer(context, async (url) => {
    const made = await makeMigration({ ...service, name: words.join(' '), url, clock: context.clock });
    if (made === 'nothing to do') context.print(`${service.name}: the migrations lead to schema.prisma already`);
    else context.print(`${service.name}: wrote ${made.file}; read it before you commit it`);
    return reportDrift([service], url, context);
  });
}

async function apply(services: readonly Service[], target: string, context: CommandContext): Promise<number> {
  for (const service of services) {
    const url = urlOf(service, target, context);
    const onApplied = (name: string): void => context.print(`${service.name}: applied ${name}`);
    if ((await ensureDatabase(url)) === 'created') context.print(`${service.name}: created ${databaseName(url)}`);
    const { total } = await applyMigrations({ url, directory: service.directory, onApplied });
    context.print(`${service.name}: all ${total} migrations are applied`);
  }
  return 0;
}

async function status(services: readonly Service[], target: string, context: CommandContext): Promise<number> {
  let isCurrent = true;
  for (const service of services) {
    const { applied, ...problems } = await migrationStatus({ url: urlOf(service, target, context), ...service });
    context.print(`${service.name}: ${applied.length} applied`);
    for (const [problem, names] of Object.entries(problems)) {
      for (const name of names) context.print(`${service.name}: ${problem} ${name}`);
      if (names.length > 0) isCurrent = false;
    }
  }
  return isCurrent ? 0 : 1;
}

async function drift(services: readonly Service[], context: CommandContext): Promise<number> {
  return withServer(context, (url) => reportDrift(services, url, context));
}

async function reportDrift(services: readonly Service[], serverUrl: string, context: CommandContext): Promise<number> {
  const results = await checkDriftOfAll({ services, serverUrl });
  for (const { service, drift: lines } of results) {
    for (const line of lines) context.print(`${service}: ${line}`);
    if (lines.length === 0) context.print(`${service}: no drift`);
  }
  return results.every((result) => result.drift.length === 0) ? 0 : 1;
}

async function withServer(context: CommandContext, use: (url: string) => Promise<number>): Promise<number> {
  if (context.databaseUrl !== undefined) return use(context.databaseUrl);
  const server = await context.startServer();
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}

function urlOf(service: Service, target: string, context: CommandContext): string {
  const { databaseUrl } = context;
  if (databaseUrl === undefined) throw new UsageError('set DATABASE_URL, e.g. postgres://user:password@host:5432/name');
  return target === 'all' ? withDatabaseName(databaseUrl, service.databaseName) : databaseUrl;
}

function someServices(context: CommandContext, target: string): readonly Service[] {
  return target === 'all' ? context.services : [oneService(context, target)];
}

function oneService({ services }: CommandContext, name: string): Service {
  const service = services.find((candidate) => candidate.name === name);
  if (service !== undefined) return service;
  const known = services.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`there is no service "${name}" with a schema; there are: ${known === '' ? 'none yet' : known}`);
}

function parseArguments(argv: readonly string[]): { values: { help?: boolean | undefined }; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
