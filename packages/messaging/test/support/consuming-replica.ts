// A replica of a group as a process: `node consuming-replica.ts <host> <port> <group> <concurrency>`. It writes a line for
// each reading that was handled, `pulling` when it has begun, and dies without a word of the reading KILLER_VALUE. SIGTERM
// stops it as a service is stopped.
import { quietLog } from '@longwave/embedded/testing';
import { startConsumption, systemTime } from '@longwave/messaging';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { KILLER_VALUE, Reading, testSource } from './reading.ts';

const [, , host = '', port = '', group = '', concurrency = ''] = process.argv;

const backend = connectJetStream({ host, port: Number(port), name: group, log: quietLog });
const consumption = startConsumption(backend, {
  stream: 'events',
  consumer: group,
  types: [Reading],
  handler: async (message) => {
    const { value } = Reading.decode(message.data).data ?? {};
    if (value === KILLER_VALUE) process.abort();
    process.stdout.write(`${value}\n`);
  },
  source: testSource,
  log: quietLog,
  time: systemTime,
  random: Math.random,
  concurrency: Number(concurrency),
});

const looking = setInterval(() => {
  if (consumption.state().state !== 'up') return;
  process.stdout.write('pulling\n');
  clearInterval(looking);
}, 10);

async function stop(): Promise<void> {
  clearInterval(looking);
  await consumption.stop({ withinMs: 2_000 });
  await backend.close();
}
process.once('SIGTERM', () => void stop());
