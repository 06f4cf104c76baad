// How fast and how heavy a whole station is, on this machine, now: from nothing to ready, from a REST commit to a
// browser's event, and in memory. Prints each figure beside its goal; ends with a failure when one is missed.
// The figures are of real processes; the browser is npm's EventSource in this process.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStation, type Station } from '@longwave/tools/station';
import { commitToEventMs } from './commit-to-event.ts';
import { residentBytes } from './resident-bytes.ts';
import { percentile, printRows, type Row } from './report.ts';

const MIB = 1024 * 1024;
const WARM_UP = 50;
const CHANGES = 500;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'longwave-bench-'));
  try {
    const first = await timedStart(folder);
    await first.station.stop();
    const second = await timedStart(folder);
    const rows = [
      row('start on an empty folder', first.ms / 1_000, 's', 20),
      row('start on kept data', second.ms / 1_000, 's', 20),
      ...(await measure(second.station)),
    ];
    await second.station.stop();
    process.exitCode = printRows(rows) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function timedStart(folder: string): Promise<{ readonly station: Station; readonly ms: number }> {
  const startedAt = performance.now();
  const station = await startStation({
    stateDirectory: folder,
    port: 0,
    environment: process.env,
    step: (_what, work) => work(),
    onRestart: (name, why) => console.error(`${name}: ${why}`),
  });
  return { station, ms: performance.now() - startedAt };
}

async function measure(station: Station): Promise<readonly Row[]> {
  await commitToEventMs(station.publicUrl, WARM_UP);
  const { answeredToHeard, sentToHeard } = await commitToEventMs(station.publicUrl, CHANGES);
  const pids = [station.nats.pid, station.postgres.pid, ...station.services.map((service) => service.pid())];
  const bytes = await residentBytes(pids.filter((pid) => pid !== undefined));
  return [
    row('REST answer → SSE event, p50', percentile(answeredToHeard, 50), 'ms', 25),
    row('REST request → SSE event, p50', percentile(sentToHeard, 50), 'ms', 25),
    row('REST request → SSE event, p99', percentile(sentToHeard, 99), 'ms', 100),
    row('resident memory of all services and servers', bytes / MIB, 'MiB', 1_024),
  ];
}

function row(what: string, figure: number, unit: string, goalAtMost: number): Row {
  return { what, figure, unit, goalAtMost };
}

await main();
if (process.connected) process.disconnect();
