// `npm run test:compose`: the stack as it is shipped, brought up for real and damaged. Everything goes through the
// gateway; Docker is only asked to start, stop and kill. Takes some minutes and a Docker engine, so it is no part of
// `npm test`. A few requests a second: it is no load test.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@longwave/embedded';
import { prepare } from '../station/prepare.ts';
import { backupBetweenBursts } from './backup-scenario.ts';
import { refusals, sameHeadersAsGateway, untilAllReady } from './compose-checks.ts';
import { findCompose } from './find-compose.ts';
import { requireHardened } from './hardening.ts';
import { leftoversOf, imageSizes } from './leftovers.ts';
import { restartEverything, scaleOut } from './restart-scenario.ts';
import { isForPeople } from './run-command-line.ts';
import { createStack, type Stack } from './stack.ts';
import { createStationClient, type StationClient } from './station-client.ts';
import { createVerdicts, type Verdicts } from './verdicts.ts';

const HELP = `npm run test:compose [-- --remove-images]
  builds the images, brings the stack up, restarts and kills every container while a client counts, takes a backup
  and restores it, and leaves nothing behind (with --remove-images: no images either)`;

const services = ['gateway', 'steering', 'resolver', 'audit-log', 'sse-proxy'] as const;
const READY_WITHIN_MS = 120_000;
const ADDED_MEGABYTES_MAX = 250;
const TAG = 'test';

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const command = await findCompose(process.env);
  await prepare(['generate', '@longwave/dashboard#build']);
  const folder = await mkdtemp(join(tmpdir(), 'longwave-backup-'));
  const verdicts = createVerdicts((line) => console.log(line));
  const project = `longwave-test-${randomBytes(3).toString('hex')}`;
  const port = await freePort();
  const environment = {
    ...process.env,
    PORT: String(port),
    NATS_PORT: String(await freePort()),
    PUBLIC_URL: `http://localhost:${port}`,
    LONGWAVE_TAG: TAG,
  };
  const stack = createStack({ command, project, environment });
  const station = createStationClient(`http://127.0.0.1:${port}`);
  stopOnRequest(stack);
  try {
    if (await bringUp(stack, station, verdicts)) await damage(stack, station, verdicts, folder);
  } finally {
    await verdicts.check('nothing is left behind', () => takeDown(stack, project));
    await rm(folder, { recursive: true });
  }
  console.log(`\n${verdicts.passed()} passed, ${verdicts.failed()} failed`);
  process.exitCode = verdicts.failed() > 0 ? 1 : 0;
}

async function bringUp(stack: Stack, station: StationClient, { check }: Verdicts): Promise<boolean> {
  return (
    (await check('images are built', async () => void (await stack.compose('build')))) &&
    (await check(`images add at most ${ADDED_MEGABYTES_MAX} MB to their bases`, () => sizes(stack))) &&
    (await check('`up` brings everything up, ready and durable', async () => {
      await stack.compose('up', '--detach');
      await untilAllReady(station, services, READY_WITHIN_MS);
      return undefined;
    }))
  );
}

async function sizes(stack: Stack): Promise<string> {
  const found = [...(await imageSizes(stack, TAG))];
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const table = found.map(([name, { bytes, addedBytes }]) => `${name} ${megabytes(bytes)} (+${megabytes(addedBytes)})`);
  const large = found.filter(([, { addedBytes }]) => addedBytes > ADDED_MEGABYTES_MAX * 1e6);
  if (found.length === 0 || large.length > 0) throw new Error(`too large: ${table.join(', ')}`);
  return table.join(', ');
}

async function damage(stack: Stack, station: StationClient, verdicts: Verdicts, folder: string): Promise<void> {
  const { check } = verdicts;
  await check('no container has more rights than it needs', () => requireHardened(stack));
  await check('the page has the headers of apps/gateway', () => sameHeadersAsGateway(station));
  await check('what must not get through is refused', () => refusals(station));
  await restartEverything(stack, station, verdicts);
  await check('`--scale resolver=3` works', () => scaleOut(stack, station));
  await backupBetweenBursts(stack, station, verdicts, {
    folder,
    untilReady: () => untilAllReady(station, services, READY_WITHIN_MS),
  });
}

async function takeDown(stack: Stack, project: string): Promise<string | undefined> {
  const removesImages = process.argv.includes('--remove-images');
  await stack.compose(
    'down',
    '--volumes',
    '--remove-orphans',
    '--timeout',
    '15',
    ...(removesImages ? ['--rmi', 'all'] : []),
  );
  // The stages on the way to them, which the classic builder keeps as images without a name.
  if (removesImages) await stack.docker('image', 'prune', '--force', '--filter', 'label=longwave.stage');
  const left = await leftoversOf(stack, project);
  if (left.length > 0) throw new Error(left.join('\n'));
  return undefined;
}

/** A stack that nobody takes down would run, and start again with the machine, for ever. */
function stopOnRequest(stack: Stack): void {
  let asked = false;
  const stop = (): void => {
    if (asked) return;
    asked = true;
    console.error('\nTaking the stack down…');
    stack.compose('down', '--volumes', '--remove-orphans', '--timeout', '15').then(
      () => process.exit(130),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
}

await main().catch((error: unknown) => {
  console.error(isForPeople(error) ? error.message : error);
  process.exitCode = 1;
});
process.removeAllListeners('disconnect');
if (process.connected) process.disconnect();
