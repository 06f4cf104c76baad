// A client counts while every container of the stack is restarted, and nats-server and Postgres are killed.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { everythingArrived, requireEqual } from './agreement.ts';
import { startCounting, type CountingClient } from './counting-client.ts';
import { listen, type Listener } from './listener.ts';
import { containersOf, runningServices } from './containers.ts';
import { killProcess, restartGracefully, untilHealthy } from './restarts.ts';
import type { Stack } from './stack.ts';
import { until, type StationClient } from './station-client.ts';
import type { Verdicts } from './verdicts.ts';

const WRITES_BEFORE = 10;
/** At ten a second. */
const SAME_ANSWERS = 20;
const readiness = z.object({ replicaId: z.string() });
const GOES_ON_WITHIN_MS = 120_000;

export async function restartEverything(stack: Stack, station: StationClient, { check }: Verdicts): Promise<void> {
  const run = `run-${randomBytes(3).toString('hex')}`;
  const listener = await listen(station.url);
  const client = startCounting(station, run);
  await check('a client writes, and the listener hears', () => goesOn(client, listener));
  for (const service of await runningServices(stack)) {
    await check(`${service} is restarted (SIGTERM)`, () =>
      whileCounting(client, listener, () => restartGracefully(stack, service)),
    );
  }
  await check('nats is killed (SIGKILL)', () =>
    whileCounting(client, listener, () => killProcess(stack, 'nats', 'nats-server')),
  );
  await check('steering is killed (SIGKILL)', () =>
    whileCounting(client, listener, () => killProcess(stack, 'steering', 'node')),
  );
  await check('every container is replaced, as an upgrade does', () =>
    whileCounting(client, listener, () => replaceEverything(stack)),
  );
  await check('nothing was lost, nothing came twice', async () => {
    await client.stop();
    const summary = await everythingArrived(station, run, client.accepted, listener);
    const refused = [...client.refusals].map(([code, count]) => `${count} × ${code}`).join(', ');
    return `${summary}; longest write ${client.waitedMsMax()} ms; repeated after: ${refused === '' ? 'nothing' : refused}`;
  });
  // A client that failed has said so above, or in `whileCounting`.
  await client.stop().catch(() => undefined);
  listener.close();
}

/** Resolves when all are healthy. */
async function replaceEverything(stack: Stack): Promise<void> {
  await stack.compose('up', '--detach', '--force-recreate');
  for (const service of await runningServices(stack)) await untilHealthy(stack, service);
}

/** Three replicas, all healthy, and the gateway spreads over them; then one again. */
export async function scaleOut(stack: Stack, station: StationClient): Promise<string> {
  await stack.compose('up', '--detach', '--no-recreate', '--scale', 'resolver=3');
  await untilHealthy(stack, 'resolver');
  requireEqual('replicas', (await containersOf(stack, 'resolver')).length, 3);
  const seen = new Set<string>();
  const answers = async (): Promise<string | true> => {
    seen.add(await replicaOf(station));
    return seen.size === 3 || `${seen.size} replicas answer`;
  };
  await until('all replicas answer through the gateway', answers, GOES_ON_WITHIN_MS);
  await stack.compose('up', '--detach', '--no-recreate', '--scale', 'resolver=1');
  await untilOneAnswers(station);
  return `${seen.size} replicas answered through the gateway`;
}

/** The gateway has forgotten those that are gone when it asks one and the same for longer than it remembers names. */
async function untilOneAnswers(station: StationClient): Promise<void> {
  let recent: readonly string[] = [];
  const isOne = async (): Promise<string | true> => {
    recent = [...recent, await replicaOf(station)].slice(-SAME_ANSWERS);
    return (recent.length === SAME_ANSWERS && new Set(recent).size === 1) || `${new Set(recent).size} replicas answer`;
  };
  await until('one replica is left', isOne, GOES_ON_WITHIN_MS);
}

async function replicaOf(station: StationClient): Promise<string> {
  const answer = await station.fetch('GET', '/resolver/health/ready');
  return readiness.parse(await answer.json()).replicaId;
}

async function whileCounting(client: CountingClient, listener: Listener, harm: () => Promise<void>): Promise<string> {
  await harm();
  return goesOn(client, listener);
}

/** Writes are accepted again, and heard again. */
async function goesOn(client: CountingClient, listener: Listener): Promise<string> {
  const accepted = client.accepted.length;
  const more = async () =>
    client.accepted.length >= accepted + WRITES_BEFORE || `${client.accepted.length - accepted} accepted`;
  await until('writes are accepted', more, GOES_ON_WITHIN_MS);
  const wanted = client.accepted.length;
  const heard = async () => listener.heard.size >= wanted || `${listener.heard.size} of ${wanted} heard`;
  await until('they are heard', heard, GOES_ON_WITHIN_MS);
  return `${client.accepted.length} accepted so far`;
}
