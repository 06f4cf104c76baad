// `npm start`: a whole station on this machine, for a person. Prints what it does, what runs where and how to try it;
// Ctrl-C (or SIGTERM, or the death of whoever started it) stops everything.
import { sweepStaleFolders } from '@longwave/embedded';
import { banner } from './station/banner.ts';
import { portOf } from './station/choose-ports.ts';
import { loadDemoStation } from './station/demo/load-demo-station.ts';
import { prepare } from './station/prepare.ts';
import { createProgress, type Progress } from './station/progress.ts';
import { inRepository } from './station/repository.ts';
import { StartError } from './station/start-error.ts';
import { startStation, type Station } from './station/start-station.ts';

const PORT_DEFAULT = '8080';
/** What a shell reports for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const HELP = `npm start — a whole Longwave station on this machine

  PORT=9000 npm start          another port than 8080 (0: any free one)
  LONGWAVE_DEMO=0 npm start    an empty station instead of the demo station
  LONGWAVE_STATE=/path         where the data is kept (default: .longwave in the repository)
  NATS_HOST=… NATS_PORT=…      use that nats-server; NATS_MONITOR_URL lets services check that it syncs to disk
  DATABASE_URL=…               use that Postgres; each service gets a database of its own name on it
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(HELP);
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) throw new StartError(`There is no ${argument}: npm start -- --help lists the settings.`);
  const progress = createProgress((text) => console.log(text), process.stdout.isTTY === true);
  const stateDirectory = setting('LONGWAVE_STATE') ?? inRepository('.longwave');
  const startedAt = performance.now();
  console.log('Longwave');
  await sweepStaleFolders();
  await progress.step('sources', () => prepare(['generate', '@longwave/dashboard#build']));
  let running: Station | null = null;
  stopOnRequest(() => running);
  const station = await startStation({
    stateDirectory,
    port: portOf('PORT', setting('PORT') ?? PORT_DEFAULT),
    environment: process.env,
    step: (what, work) => progress.step(what, work),
    onRestart: (name, why) => progress.note(`${name}: ${why}; starting it again`),
  });
  running = station;
  if (setting('LONGWAVE_DEMO') !== '0') await loadDemo(station.publicUrl, progress);
  console.log(banner(station, stateDirectory));
  console.log(`Ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${station.publicUrl}/`);
}

async function loadDemo(publicUrl: string, progress: Progress): Promise<void> {
  const options = { publicUrl, fetch, now: () => new Date() };
  const outcome = await progress.step('demo station', () => loadDemoStation(options));
  if (outcome === 'unfinished')
    progress.note('A start before this one loaded a part of the demo station, too long ago to go on with it.');
}

/** An empty variable is one that is not set. */
function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** The first request stops in order, a second one at once. A station that is still starting has nothing to lose. */
function stopOnRequest(running: () => Station | null): void {
  let asked = false;
  const stop = (): void => {
    const station = running();
    // Servers and services notice the end of this process by themselves.
    if (asked || station === null) process.exit(INTERRUPTED);
    asked = true;
    console.log('\nStopping…');
    station.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // The bootstrap process is gone, whatever ended it.
  process.on('disconnect', stop);
}

main().catch((error: unknown) => {
  // What a person can act on is a sentence; anything else is a fault of ours, and its stack is wanted.
  if (error instanceof StartError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
});
