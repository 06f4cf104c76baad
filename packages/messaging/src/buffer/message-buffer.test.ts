// What the buffer promises of what it takes, of order, of its folder and of its end (B1, B2, B7, B10), with a disk, a
// broker and a clock in memory.
import { describe, expect, test } from '@jest/globals';
import { PublishError, type Publisher } from '@longwave/messaging';
import { seededRandom } from '@longwave/messaging/memory';
import { memoryStation } from '../../test/support/memory-station.ts';
import { memoryBuffer, numberedIds as ids } from '../../test/support/memory-buffer.ts';
import { reading } from '../../test/support/reading.ts';

const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
const memory = memoryBuffer(SEED);

describe('B1: what was taken is on disk', () => {
  test('one after the other, each as soon as the one before is there', async () => {
    await memory.open();
    const publishing = async (): Promise<void> => {
      for (const id of ids(100)) await memory.buffer.publish(reading('meter', 1, id));
    };
    await memory.station.during(publishing());
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(ids(100));
  });

  test('many at once share a write and a sync', async () => {
    memory.station.isUp = false;
    await memory.open();
    await memory.publish('first');
    const before = memory.disk.steps();
    await memory.station.during(Promise.all(ids(256).map((id) => memory.buffer.publish(reading('meter', 1, id)))));
    // A write and a sync; and the sender reads them back.
    expect(memory.disk.steps() - before).toBeLessThan(10);
    expect(memory.buffer.state().messages).toBe(257);
  });
});

describe('B2: once, and in order', () => {
  test('property: keys and subjects that cross, answers that are lost, closes at any time, ids that are forgotten', async () => {
    const random = seededRandom(SEED);
    memory.station = memoryStation(SEED, 0.3);
    const sent: { id: string; key: string; subject: string }[] = [];
    await memory.open({ bytesMax: 256 * 1024 });
    for (let round = 0; round < 40; round += 1) {
      memory.station.isUp = random() < 0.6;
      const burst = Array.from({ length: Math.trunc(random() * 30) }, () => {
        const message = {
          ...reading('meter', 1, String(sent.length).padStart(5, '0')),
          key: `key/${Math.trunc(random() * 4)}`,
          subject: `test.subject.${Math.trunc(random() * 5)}`,
        };
        sent.push(message);
        return memory.buffer.publish(message);
      });
      await memory.station.during(Promise.all(burst));
      await memory.station.time.advance(random() * 1_000);
      if (random() < 0.5) await memory.reopen({ bytesMax: 256 * 1024 });
      if (random() < 0.5) await memory.station.forgetIds();
    }
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    const stored = memory.station.stored();
    expect({ seed: SEED, ids: stored.toSorted() }).toEqual({ seed: SEED, ids: sent.map(({ id }) => id) });
    for (const by of ['key', 'subject'] as const) {
      for (const [, group] of Map.groupBy(sent, (message) => message[by])) {
        const expected = group.map(({ id }) => id);
        expect({ seed: SEED, ids: stored.filter((id) => expected.includes(id)) }).toEqual({
          seed: SEED,
          ids: expected,
        });
      }
    }
  });

  test('a key that cannot be sent holds up no other', async () => {
    const choosy: Publisher = {
      ...memory.station.publisher,
      publish: (message) =>
        message.key === 'meter/stuck'
          ? Promise.reject(new PublishError('unavailable', message.id, 'no stream takes its subject'))
          : memory.station.publisher.publish(message),
    };
    await memory.open({ publisher: choosy });
    await memory.publish('stuck-1', 'stuck');
    for (const id of ids(50)) await memory.publish(id, `m${id}`);
    await memory.publish('stuck-2', 'stuck');
    await memory.station.time.advance(5_000);
    expect(memory.station.stored()).toEqual(ids(50));
    expect(memory.buffer.state()).toMatchObject({ state: 'degraded', messages: 2 });
    await memory.reopen();
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual([...ids(50), 'stuck-1', 'stuck-2']);
  });
});

describe('B7: one at a time', () => {
  test('whoever opens a folder that is open is told so, and the first goes on', async () => {
    await memory.open();
    await expect(memory.station.open(memory.disk)).rejects.toMatchObject({ code: 'buffer-locked' });
    await memory.publish('a');
    await memory.reopen();
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(['a']);
  });
});

describe('B10: the end', () => {
  test('closing while the broker is away, or never answers, ends within seconds and keeps everything', async () => {
    await memory.open({
      publisher: { ...memory.station.publisher, publish: () => new Promise<never>(() => undefined) },
    });
    for (const id of ids(10)) await memory.publish(id, `m${id}`);
    const startedAt = memory.station.time.now().getTime();
    await memory.station.during(memory.buffer.close());
    expect(memory.station.time.now().getTime() - startedAt).toBeLessThan(3_000);
    await expect(memory.buffer.publish(reading('meter', 1))).rejects.toMatchObject({ code: 'buffer-closed' });
    await memory.open();
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(ids(10));
  });

  test('flushing says whether everything has left, and closing is no way to make it wait', async () => {
    memory.station.isUp = false;
    await memory.open();
    await memory.publish('a');
    expect(await memory.station.during(memory.buffer.flush({ withinMs: 5_000 }))).toBe(false);
    const flushing = memory.buffer.flush({ withinMs: 3_600_000 });
    await memory.station.during(memory.buffer.close());
    expect(await flushing).toBe(false);
    memory.station.isUp = true;
    await memory.open();
    expect(await memory.flushed()).toBe(true);
  });

  test('the state tells how much waits, for how long, and why', async () => {
    memory.station.isUp = false;
    await memory.open();
    await memory.publish('a');
    await memory.publish('b');
    await memory.station.time.advance(60_000);
    const state = memory.buffer.state();
    expect(state).toMatchObject({ state: 'degraded', reason: expect.stringContaining('away'), messages: 2 });
    expect(state.oldestMs).toBeGreaterThanOrEqual(60_000);
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    expect(memory.buffer.state()).toMatchObject({ state: 'up', messages: 0, oldestMs: null });
  });
});
