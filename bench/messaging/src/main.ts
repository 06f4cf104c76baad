// What the messaging package costs, beside nats.js used by hand: prints a table of ratios with goals and verdicts, and
// ends with a failure when a goal is missed. `--quick` measures less, `--tracing` what traces cost and nothing else;
// README.md says how to read it.
import { parseArgs } from 'node:util';
import { measureTracing } from './measure-tracing.ts';
import { fullPlan, type Plan, quickPlan, syncedPlan } from './plan.ts';
import { printConditions, printLoad, printRows } from './report.ts';
import type { Row } from './row.ts';
import { consumeRows } from './rows/consume-rows.ts';
import { inboxRows } from './rows/inbox-rows.ts';
import { outboxRows } from './rows/outbox-rows.ts';
import { requestRows } from './rows/request-rows.ts';
import { publishRows } from './rows/publish-rows.ts';
import { type Broker, type Database, startBroker, startDatabase } from './servers.ts';
import { type Side, startSide } from './sides/side.ts';

async function main(): Promise<void> {
  const isSet = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { quick: isSet, tracing: isSet } });
  if (values.tracing) return measureTracing();
  const plan = values.quick ? quickPlan : fullPlan;
  printConditions();
  printLoad('before');
  const isMet = await run('2m', plan);
  if (plan.isAlsoSynced) await run('always', syncedPlan(plan));
  console.log('');
  printLoad('after');
  process.exitCode = isMet ? 0 : 1;
}

/** With new servers. Resolves with whether all goals are met; they are goals for the client, so not with fsyncs. */
async function run(syncInterval: '2m' | 'always', plan: Plan): Promise<boolean> {
  const stops: Array<() => Promise<void>> = [];
  const stopping = <T extends { stop(): Promise<void> }>(started: T): T => {
    stops.unshift(() => started.stop());
    return started;
  };
  try {
    const broker = stopping(await startBroker(syncInterval));
    const database = stopping(await startDatabase());
    const start = async (name: Parameters<typeof startSide>[0]): Promise<Side> =>
      stopping(await startSide(name, { host: broker.host, port: broker.port, postgresUrl: database.url }));
    const rows = await measureAll(broker, await start('package'), await start('raw'), start, plan);
    return printRows(titleOf(broker, database, syncInterval, plan), rows, syncInterval === '2m');
  } finally {
    for (const stop of stops) await stop();
  }
}

async function measureAll(
  broker: Broker,
  ours: Side,
  raw: Side,
  start: (name: 'outbox' | 'inbox') => Promise<Side>,
  plan: Plan,
): Promise<readonly Row[]> {
  return [
    ...(await publishRows(broker, ours, raw, plan)),
    ...(await consumeRows(broker, ours, raw, plan)),
    ...(await requestRows(broker, ours, raw, plan)),
    // Last, and started last: an idle relay polls.
    ...(await inboxRows(await start('inbox'), plan)),
    ...(await outboxRows(broker, await start('outbox'), plan)),
  ];
}

function titleOf(broker: Broker, database: Database, syncInterval: string, { rounds }: Plan): string {
  const servers = `nats-server ${broker.version} (file storage, one replica, sync_interval ${syncInterval})`;
  return `${servers}, Postgres ${database.version}; ${rounds} interleaved rounds${syncInterval === '2m' ? '' : '; for information'}`;
}

await main();
if (process.connected) process.disconnect();
