// Whether all who should know of the same things do: steering, which decided them, the audit log, the resolver, and
// who listened.
import { z } from 'zod';
import type { Accepted } from './counting-client.ts';
import type { Listener } from './listener.ts';
import { until, type StationClient } from './station-client.ts';

const entry = z.object({ id: z.string(), subject: z.string() });
const show = z.object({ id: z.int() });
const devicePackage = z.object({ packageId: z.object({ name: z.string() }) });

const SETTLED_WITHIN_MS = 60_000;

/** Every accepted write is in the audit log once, in the resolver, and was heard once. Throws with what is not. */
export async function everythingArrived(
  station: StationClient,
  run: string,
  accepted: readonly Accepted[],
  listener: Listener,
): Promise<string> {
  const entriesOfRun = () => station.all(`/audit-log/api/v1/entries/?limit=1000&correlationId=${run}`, entry);
  await until(
    'the audit log has every accepted write, once',
    async () => sameNumber('entries', (await entriesOfRun()).length, accepted.length),
    SETTLED_WITHIN_MS,
  );
  const entries = await entriesOfRun();
  requireEqual('subjects in the audit log', new Set(entries.map(({ subject }) => subject)).size, accepted.length);
  await until(
    'the resolver has every accepted package',
    () => resolverHas(station, packagesOf(accepted)),
    SETTLED_WITHIN_MS,
  );
  await until(
    'the listener heard every message',
    async () => sameNumber('heard', entries.filter(({ id }) => listener.heard.has(id)).length, entries.length),
    SETTLED_WITHIN_MS,
  );
  requireEqual('messages heard more than once', [...listener.heard.values()].filter((count) => count > 1).length, 0);
  requireEqual('gaps announced', listener.gaps.length, 0);
  return `${accepted.length} accepted = ${entries.length} recorded = ${entries.length} heard, once each`;
}

/** What steering has now is exactly what the audit log and the resolver know. Throws with what is not. */
export async function storesAgree(station: StationClient): Promise<string> {
  const shows = await station.all('/steering/api/v1/shows/?limit=100', show);
  const packages = await station.all('/steering/api/v1/packages/?limit=100', devicePackage);
  const told = async (subject: string): Promise<number> =>
    (await station.all(`/audit-log/api/v1/entries/?limit=1000&subject=${encodeURIComponent(subject)}`, entry)).length;
  const agree = async (): Promise<string | true> => {
    const known = await station.all('/resolver/api/v1/packages/?limit=100', devicePackage);
    const numbers = [
      sameNumber('shows told', await told('resource.steering.show.*.created'), shows.length),
      sameNumber(
        'packages told',
        await told('longwave.v1.events.steering.package.lifecycle.created.>'),
        packages.length,
      ),
      sameNumber('packages resolved', known.length, packages.length),
    ];
    return numbers.find((answer) => answer !== true) ?? true;
  };
  await until('audit log and resolver agree with steering', agree, SETTLED_WITHIN_MS);
  return `${shows.length} shows and ${packages.length} packages, in all three`;
}

export function packagesOf(accepted: readonly Accepted[]): readonly string[] {
  return accepted.flatMap((one) => (one.kind === 'package' ? [one.name] : []));
}

async function resolverHas(station: StationClient, names: readonly string[]): Promise<string | true> {
  for (const name of names) {
    const { status } = await station.fetch('GET', `/resolver/api/v1/packages/${name}/1.0.0`);
    if (status !== 200) return `${name}: ${status}`;
  }
  return true;
}

function sameNumber(what: string, found: number, expected: number): string | true {
  return found === expected || `${what}: ${found}, not ${expected}`;
}

export function requireEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, not ${String(expected)}`);
}
