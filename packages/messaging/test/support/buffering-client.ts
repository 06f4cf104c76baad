// A client that buffers until it is killed: `node buffering-client.ts <folder> <host> <port> <from> <to>`. It writes a line
// for each reading that it was promised (a number), and `locked` when another one has the folder.
import { quietLog } from '@longwave/embedded/testing';
import { BufferError, openBuffer } from '@longwave/messaging/buffer';
import { connectJetStream } from '@longwave/messaging/jetstream';
import { reading } from './reading.ts';

const METERS = 7;
const AT_ONCE = 16;
const [, , directory = '', host = '', port = '', from = '', to = ''] = process.argv;

const { publisher } = connectJetStream({ host, port: Number(port), name: 'buffering-client', log: quietLog });
try {
  const options = { directory, publisher, bytesMax: 64 * 1024 * 1024, whenFull: 'refuse', log: quietLog } as const;
  const buffer = await openBuffer(options);
  process.stdout.write('open\n');
  for (let number = Number(from); number < Number(to); number += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, Number(to) - number) }, (_, index) => number + index);
    await Promise.all(
      numbers.map(async (value) => {
        await buffer.publish(reading(`m${value % METERS}`, value, `id-${value}`));
        process.stdout.write(`${value}\n`);
      }),
    );
  }
  process.stdout.write('all\n');
} catch (error) {
  if (!(error instanceof BufferError && error.code === 'buffer-locked')) throw error;
  process.stdout.write('locked\n');
}
