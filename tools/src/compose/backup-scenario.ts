// A backup between two bursts of traffic, restored into an empty stack: what was before it is there in every store, what
// came after it is nowhere, and who was further than the backup is told of a gap.
import { randomBytes } from 'node:crypto';
import { packagesOf, requireEqual, storesAgree } from './agreement.ts';
import { startCounting, type CountingClient } from './counting-client.ts';
import { firstEventAfter, listen } from './listener.ts';
import { restoreBackup } from './restore-backup.ts';
import type { Stack } from './stack.ts';
import { until, type StationClient } from './station-client.ts';
import { whileReading } from './steady-reader.ts';
import { takeBackup } from './take-backup.ts';
import type { Verdicts } from './verdicts.ts';

const BURST = 20;
const BURST_WITHIN_MS = 60_000;

export type BackupScenario = { readonly folder: string; readonly untilReady: () => Promise<void> };

export async function backupBetweenBursts(
  stack: Stack,
  station: StationClient,
  { check }: Verdicts,
  { folder, untilReady }: BackupScenario,
): Promise<void> {
  const before = startCounting(station, `before-${randomBytes(3).toString('hex')}`);
  const beforeCursor = await listenUntil(station, before);
  // It goes on writing, so that the backup meets traffic.
  const isTaken = await check('a backup is taken under traffic', async () => {
    let summary = '';
    const reads = await whileReading(station, async () => {
      const { heldMs, nats, postgres } = await takeBackup(stack, folder, () => new Date());
      summary = `nats ${megabytes(nats.bytes)}, Postgres ${megabytes(postgres.bytes)}; writes refused for ${heldMs} ms`;
    });
    return `${summary}, ${reads} reads answered`;
  });
  await check('writes were told to come back, and were accepted then', async () => {
    const accepted = before.accepted.length;
    await until('writes go on', async () => before.accepted.length > accepted || 'none', BURST_WITHIN_MS);
    await before.stop();
    const paused = before.refusals.get('503 writes-paused') ?? 0;
    if (paused === 0) throw new Error(`no write met the pause: ${[...before.refusals.keys()].join(', ')}`);
    return `${paused} × 503 writes-paused; longest write ${before.waitedMsMax()} ms`;
  });
  const after = startCounting(station, `after-${randomBytes(3).toString('hex')}`);
  const afterCursor = await listenUntil(station, after);
  await after.stop();
  if (!isTaken) return;
  await check('the backup is restored into an empty stack', async () => {
    await stack.compose('down', '--volumes', '--timeout', '15');
    await restoreBackup(stack, folder);
    await stack.compose('up', '--detach');
    await untilReady();
    return undefined;
  });
  await check('audit log and resolver agree with steering', () => storesAgree(station));
  await check('nothing is there that came after the backup', () => nothingOf(station, after));
  await check('a cursor from after the backup gets a gap, one from before it goes on', async () => {
    requireEqual('the first event after the lost cursor', await firstEventAfter(station.url, afterCursor), 'gap');
    const next = startCounting(station, `next-${randomBytes(3).toString('hex')}`);
    const first = await firstEventAfter(station.url, beforeCursor);
    await next.stop();
    if (first === 'gap') throw new Error('a gap was announced, and nothing is missing');
    return undefined;
  });
}

/** Resolves with the cursor of somebody who heard the burst. */
async function listenUntil(station: StationClient, client: CountingClient): Promise<string> {
  const listener = await listen(station.url);
  const heard = async () => listener.heard.size >= BURST || `${listener.heard.size} heard`;
  await until('the burst is heard', heard, BURST_WITHIN_MS);
  listener.close();
  requireEqual('accepted', client.accepted.length > 0, true);
  return listener.cursor();
}

async function nothingOf(station: StationClient, client: CountingClient): Promise<string> {
  for (const name of packagesOf(client.accepted)) {
    for (const service of ['steering', 'resolver']) {
      const { status } = await station.fetch('GET', `/${service}/api/v1/packages/${name}/1.0.0`);
      requireEqual(`${name} in ${service}`, status, 404);
    }
  }
  return `${client.accepted.length} writes after it are gone, in steering and in the resolver`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
