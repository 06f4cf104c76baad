// The process that runs before the services of the stack: settings, output, exit code. See provision-station.ts.
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { ConfigError, decimalInteger, exitCodes, readConfig } from '@longwave/runtime';
import { targetFromEnvironment } from '@longwave/streams';
import { z } from 'zod';
import { provisionStation } from './provision-station.ts';

const settings = z.object({
  ADMIN_DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .meta({ description: 'a superuser of Postgres, e.g. postgres://postgres@localhost/postgres?host=/run/postgresql' }),
  DATABASE_HOST: z.string().default('postgres').meta({ description: 'where services reach Postgres' }),
  DATABASE_PORT: decimalInteger({ min: 1, max: 65_535 }).default(5432).meta({ description: 'the port of Postgres' }),
  SECRETS_DIRECTORY: z
    .string()
    .default('/secrets')
    .meta({ description: 'a folder with a folder for each service that has a database' }),
});

async function provision(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(settings, environment);
  await provisionStation({
    adminDatabaseUrl: config.ADMIN_DATABASE_URL,
    host: config.DATABASE_HOST,
    port: config.DATABASE_PORT,
    secretsDirectory: config.SECRETS_DIRECTORY,
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    broker: targetFromEnvironment(environment),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
}

await provision(process.env).catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`);
  process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.failed;
});
