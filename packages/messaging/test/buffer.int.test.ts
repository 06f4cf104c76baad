// What the buffer promises (B1–B3, B7) on a real disk, with processes that are killed and a real nats-server. The stream
// forgets message ids after a tenth of a second here, so that it is the buffer, not the broker's deduplication, that is
// tested.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Publisher } from '@longwave/messaging';
import { openBuffer, type MessageBuffer } from '@longwave/messaging/buffer';
import type { JetStreamBackend } from '@longwave/messaging/jetstream';
import { seededRandom } from '@longwave/messaging/memory';
import { startBroker, type Broker } from './support/broker.ts';
import { losingAcknowledgements } from './support/faulty-publisher.ts';
import { quietLog as log, temporaryFolder } from '@longwave/embedded/testing';
import { reading } from './support/reading.ts';
import { until } from './support/until.ts';

const DUPLICATE_WINDOW_NANOSECONDS = 100_000_000;
const MESSAGES = process.env['LONGWAVE_SOAK'] === undefined ? 2_000 : 10_000;
const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
const CLIENT = fileURLToPath(new URL('./support/buffering-client.ts', import.meta.url));
const FLAGS = ['--conditions=@longwave/source', '--disable-warning=ExperimentalWarning'];

/** `lines`: what it has written so far. */
type Client = { readonly process: ChildProcess; readonly lines: string[]; kill(): Promise<void> };

describe('the buffer', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let broker: Broker;
  let backend: JetStreamBackend;
  let directory: string;
  let count = 0;
  const buffers: MessageBuffer[] = [];
  const clients: Client[] = [];
  beforeAll(async () => {
    folder = await temporaryFolder();
    broker = await startBroker();
    backend = broker.backend();
  });
  beforeEach(async () => {
    count += 1;
    directory = join(folder.path, `buffer-${count}`);
    await broker.manager.streams.purge('events');
    await rememberIdsFor(DUPLICATE_WINDOW_NANOSECONDS);
  });
  afterEach(async () => {
    await Promise.all(buffers.splice(0).map((buffer) => buffer.close()));
    await Promise.all(clients.splice(0).map((client) => client.kill()));
  });
  afterAll(async () => {
    await broker.close();
    await folder.remove();
  });

  const rememberIdsFor = async (nanoseconds: number): Promise<void> => {
    const { config } = await broker.manager.streams.info('events');
    await broker.manager.streams.update('events', { ...config, duplicate_window: nanoseconds });
  };
  const open = async (publisher: Publisher = backend.publisher): Promise<MessageBuffer> => {
    const options = { directory, publisher, bytesMax: 64 * 1024 * 1024, whenFull: 'refuse', log } as const;
    const buffer = await openBuffer(options);
    buffers.push(buffer);
    return buffer;
  };
  const startClient = (from: number, to: number): Client => {
    const { host, port } = broker.server();
    const child = spawn(process.execPath, [...FLAGS, CLIENT, directory, host, String(port), String(from), String(to)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await exited;
    };
    const client = { process: child, lines, kill };
    clients.push(client);
    return client;
  };
  const promisedBy = ({ lines }: Client): number[] => lines.filter((line) => /^\d+$/.test(line)).map(Number);
  /** The values in the stream, by meter. */
  const stored = async (): Promise<Map<string, number[]>> => {
    const messages = await broker.contents('events');
    const bySubject = Map.groupBy(messages, ({ subject }) => subject);
    return new Map([...bySubject].map(([subject, found]) => [subject, found.map(valueOf)]));
  };
  /** All that was promised is there, and nothing twice or out of the order of its meter. */
  const expectOnceInOrder = async (promised: readonly number[]): Promise<void> => {
    const byMeter = await stored();
    const found = [...byMeter.values()].flat();
    const broken = [...byMeter].filter(([, values]) =>
      values.some((value, index) => index > 0 && value <= (values[index - 1] ?? -1)),
    );
    const missing = promised.filter((value) => !found.includes(value));
    expect({ seed: SEED, broken, missing }).toEqual({ seed: SEED, broken: [], missing: [] });
  };

  test(`B1, B2: ${MESSAGES} messages of a client that is killed while the broker is down arrive once, in order`, async () => {
    const restart = await broker.crash();
    const client = startClient(0, MESSAGES);
    await until('it was promised all of them', () => client.lines.includes('all'), 60_000);
    await client.kill();
    await restart();
    const buffer = await open();
    expect(buffer.state().messages).toBe(MESSAGES);
    expect(await buffer.flush({ withinMs: 60_000 })).toBe(true);
    await expectOnceInOrder(Array.from({ length: MESSAGES }, (_, value) => value));
    expect([...(await stored()).values()].flat()).toHaveLength(MESSAGES);
  }, 180_000);

  test('B1, B2: a client that is killed at any moment, again and again, while it buffers and sends', async () => {
    const random = seededRandom(SEED);
    const promised: number[] = [];
    let from = 0;
    for (let life = 0; life < 6; life += 1) {
      const client = startClient(from, from + MESSAGES);
      const target = Math.trunc(random() * (MESSAGES / 6));
      await until('it was promised some', () => promisedBy(client).length > target, 60_000);
      await client.kill();
      promised.push(...promisedBy(client));
      // Those that were on their way when it was killed may be there or not; their ids are not used again.
      from = Math.max(...promised) + 100;
      await until('the broker has forgotten the ids', windowIsOver());
    }
    const buffer = await open();
    expect(await buffer.flush({ withinMs: 60_000 })).toBe(true);
    await expectOnceInOrder(promised);
  }, 180_000);

  test('B2: acknowledgements that are lost, after the broker has forgotten the ids, double nothing', async () => {
    const faulty = losingAcknowledgements(backend.publisher, 17);
    const slow: Publisher = {
      ...faulty,
      lastIdOn: async (subject) => {
        await until('the broker has forgotten the ids', windowIsOver());
        return faulty.lastIdOn(subject);
      },
    };
    const buffer = await open(slow);
    await Promise.all(range(200).map((value) => buffer.publish(reading(`m${value % 5}`, value))));
    expect(await buffer.flush({ withinMs: 60_000 })).toBe(true);
    expect(faulty.lost()).toBe(17);
    await expectOnceInOrder(range(200));
  });

  test('B2, B3: the broker is killed and comes back while the buffer takes and sends', async () => {
    // What was on its way is sent again by the publisher itself, which counts on the broker for as long as that takes.
    await rememberIdsFor(120_000_000_000);
    const buffer = await open();
    const publishing = (async () => {
      for (const value of range(600)) await buffer.publish(reading(`m${value % 5}`, value));
    })();
    await until('some have left', async () => (await broker.contents('events')).length > 20);
    const restart = await broker.crash();
    await publishing;
    expect(buffer.state()).toMatchObject({ messages: expect.any(Number) });
    expect(buffer.state().messages).toBeGreaterThan(0);
    await restart();
    expect(await buffer.flush({ withinMs: 60_000 })).toBe(true);
    await expectOnceInOrder(range(600));
    expect(buffer.state()).toMatchObject({ state: 'up', messages: 0 });
  });

  test('B2: what arrives is what was published: id, headers, bytes', async () => {
    const buffer = await open();
    const message = { ...reading('meter', 1), payload: new Uint8Array([0, 255, 0, 10, 13]) };
    await buffer.publish(message);
    expect(await buffer.flush({ withinMs: 10_000 })).toBe(true);
    const [found] = await broker.contents('events');
    expect(found).toMatchObject({ subject: message.subject, headers: message.headers });
    expect([...(found?.payload ?? [])]).toEqual([...message.payload]);
  });

  test('B3: an empty buffer leaves no messages on disk when it is closed', async () => {
    const buffer = await open();
    await Promise.all(range(50).map((value) => buffer.publish(reading('meter', value))));
    expect(await buffer.flush({ withinMs: 10_000 })).toBe(true);
    await buffer.close();
    expect((await readdir(directory)).sort()).toEqual(['lock', 'position']);
  });

  test('what the README shows of it is what runs here', async () => {
    const message = reading('meter', 1);
    const lost: string[] = [];
    const buffer = await openBuffer({
      directory,
      publisher: backend.publisher,
      bytesMax: 256 * 1024 * 1024,
      whenFull: 'drop-oldest', // or 'refuse'
      onLoss: ({ reason, count }) => lost.push(`${count} ${reason}`),
      log,
    });
    await buffer.publish(message); // as encodeMessage makes it; resolves when it is on disk
    const { state, messages, oldestMs } = buffer.state(); // for health
    const hasLeft = await buffer.flush({ withinMs: 5_000 });
    await buffer.close(); // what has not left stays
    expect({ hasLeft, lost, state }).toEqual({ hasLeft: true, lost: [], state: 'up' });
    expect(messages).toBeLessThanOrEqual(1);
    expect(oldestMs ?? 0).toBeLessThan(5_000);
    const here = linesOf(await readFile(new URL(import.meta.url), 'utf8'));
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const [, block = 'nothing'] = /```typescript\n(.*?)```/s.exec(readme.slice(readme.indexOf('## Buffer'))) ?? [];
    expect(here).toContain(linesOf(block));
  });

  test('B7: another process cannot open the folder, until the one that has it is killed', async () => {
    const client = startClient(0, 1);
    await until('it has the folder', () => client.lines.includes('open'));
    await expect(open()).rejects.toMatchObject({ code: 'buffer-locked' });
    const other = startClient(0, 1);
    await until('the other one is told', () => other.lines.includes('locked'));
    await client.kill();
    const buffer = await open();
    await expect(open()).rejects.toMatchObject({ code: 'buffer-locked' });
    await buffer.close();
    await open();
  });
});

function linesOf(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, value) => value);
}

function valueOf({ payload }: { readonly payload: Uint8Array }): number {
  return JSON.parse(Buffer.from(payload).toString()).data.value;
}

/** True once the broker remembers none of the ids that it has now. */
function windowIsOver(): () => boolean {
  const since = performance.now();
  return () => performance.now() - since > 3 * (DUPLICATE_WINDOW_NANOSECONDS / 1_000_000);
}
