// A replica of an ordered group as a process: `node ordered-replica.ts <host> <port> <group>`. It writes
// `begin <key> <value> <ms>` before it handles a reading and `state <state>` whenever its state changes. SIGTERM stops it
// as a service is stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { quietLog } from '@longwave/embedded/testing';
import { startConsumption, systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { Reading, testSource } from './reading.ts';

const HANDLING_MS = 3;
const [, , host = '', port = '', group = ''] = process.argv;

const backend = connectJetStream({ host, port: Number(port), name: group, log: quietLog });
const consumption = startConsumption(backend, {
  stream: 'events',
  consumer: group,
  ordered: true,
  types: [Reading],
  handler: async (message) => {
    process.stdout.write(`begin ${message.key} ${Reading.decode(message.data).data?.value} ${Date.now()}\n`);
    await pause(HANDLING_MS);
  },
  source: testSource,
  log: quietLog,
  time: systemTime,
  random: Math.random,
  concurrency: 8,
});

let said = '';
const looking = setInterval(() => {
  const { state } = consumption.state();
  if (state !== said) process.stdout.write(`state ${state}\n`);
  said = state;
}, 10);

async function stop(): Promise<void> {
  clearInterval(looking);
  await consumption.stop({ withinMs: 2_000 });
  await backend.close();
}
process.once('SIGTERM', () => void stop());
