// The drift gate over a whole repository, for the check that runs before the tests.
import { checkDrift } from './check-drift.ts';
import { MigrationError } from './migration-error.ts';
import type { Service } from './services.ts';

export type ServiceDrift = { readonly service: string; readonly drift: readonly string[] };

/**
 * One after the other, so that the server is not flooded with scratch databases. Migrations that cannot even be
 * applied are drift too, so that one broken service does not hide what is wrong with the next.
 */
export async function checkDriftOfAll(options: {
  readonly services: readonly Service[];
  readonly serverUrl: string;
}): Promise<readonly ServiceDrift[]> {
  const results: ServiceDrift[] = [];
  for (const { name, schemaFile, directory } of options.services) {
    const drift = await driftOf({ schemaFile, directory, serverUrl: options.serverUrl });
    results.push({ service: name, drift });
  }
  return results;
}

async function driftOf(options: Parameters<typeof checkDrift>[0]): Promise<readonly string[]> {
  try {
    return (await checkDrift(options)).drift;
  } catch (error) {
    if (error instanceof MigrationError) return [error.message];
    throw error;
  }
}
