// What the buffer promises of its bounds, of a disk that fails and of a broker that refuses (B6, B8, B9), with a disk, a
// broker and a clock in memory.
import { describe, expect, test } from '@jest/globals';
import { PublishError, type Publisher } from '@longwave/messaging';
import { memoryBuffer, numberedIds as ids } from '../../test/support/memory-buffer.ts';
import { reading } from '../../test/support/reading.ts';

const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
const BYTES_MAX = 64 * 1024;
const memory = memoryBuffer(SEED);

describe('B6: what waits is bounded', () => {
  test('refuse: a full buffer says so, keeps what it has, and takes more when there is room', async () => {
    memory.station.isUp = false;
    await memory.open({ bytesMax: BYTES_MAX });
    const { taken, error } = await memory.fill();
    expect(error).toMatchObject({ code: 'buffer-full' });
    expect(memory.buffer.state()).toMatchObject({ state: 'degraded', messages: taken.length });
    expect(memory.buffer.state().bytes).toBeLessThanOrEqual(BYTES_MAX);
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    await memory.station.time.advance(1_000);
    await memory.publish('again');
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual([...taken, 'again']);
    expect(memory.buffer.state()).toMatchObject({ state: 'up', messages: 0 });
  });

  test('drop-oldest: the newest stay, in order, and every one that went is counted', async () => {
    memory.station.isUp = false;
    await memory.open({ bytesMax: BYTES_MAX, whenFull: 'drop-oldest' });
    for (const id of ids(400)) {
      await memory.publish(id);
      expect(memory.buffer.state().bytes).toBeLessThanOrEqual(BYTES_MAX);
    }
    const dropped = memory.station.losses.reduce((sum, { count }) => sum + count, 0);
    expect(memory.buffer.state()).toMatchObject({
      messages: 400 - dropped,
      lost: { dropped, unreadable: 0, refused: 0 },
    });
    await memory.reopen({ bytesMax: BYTES_MAX, whenFull: 'drop-oldest' });
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(ids(400).slice(dropped));
    // A sixteenth at once, not all of it.
    expect(400 - dropped).toBeGreaterThan(80);
    expect(memory.station.losses.every(({ reason }) => reason === 'dropped')).toBe(true);
  });

  test('drop-oldest: a burst that is larger than the buffer leaves its end', async () => {
    memory.station.isUp = false;
    await memory.open({ bytesMax: BYTES_MAX, whenFull: 'drop-oldest' });
    const outcomes = await memory.station.during(
      Promise.allSettled(ids(300).map((id) => memory.buffer.publish(reading('meter', 1, id)))),
    );
    const taken = ids(300).filter((_, index) => outcomes[index]?.status === 'fulfilled');
    const dropped = memory.buffer.state().lost.dropped;
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(taken.slice(dropped));
  });

  test.each(['refuse', 'drop-oldest'] as const)(
    '%s: a message that is larger than the buffer is refused for good, and costs nothing else',
    async (whenFull) => {
      memory.station.isUp = false;
      await memory.open({ bytesMax: BYTES_MAX, whenFull });
      await memory.publish('small');
      const large = { ...reading('meter', 1, 'large'), payload: Buffer.alloc(BYTES_MAX) };
      const publishing = memory.station.during(memory.buffer.publish(large));
      await expect(publishing).rejects.toMatchObject({ name: 'PublishError', code: 'refused' });
      expect(memory.station.losses).toEqual([]);
      expect(memory.buffer.state().messages).toBe(1);
    },
  );

  test('no more than a window is in memory, however much is on disk', async () => {
    let underway = 0;
    let most = 0;
    const counting: Publisher = {
      ...memory.station.publisher,
      publish: async (message) => {
        most = Math.max(most, (underway += 1));
        await new Promise<void>((resolve) => memory.station.time.after(10, resolve));
        underway -= 1;
        return memory.station.publisher.publish(message);
      },
    };
    memory.station.isUp = false;
    await memory.open({ publisher: counting });
    await memory.station.during(Promise.all(ids(5_000).map((id) => memory.buffer.publish(reading(`m${id}`, 1, id)))));
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toHaveLength(5_000);
    expect(most).toBeGreaterThan(500);
    expect(most).toBeLessThanOrEqual(1_024);
  });
});

describe('B8: a disk that fails', () => {
  test.each([
    [
      'is full',
      (): number | null =>
        [...memory.disk.contents().values()].reduce((sum, { byteLength }) => sum + byteLength, 0) + 100,
    ],
    ['does not sync', (): number | null => null],
  ] as const)('because it %s fails what it concerns, and when it works again so does the buffer', async (_, limit) => {
    memory.station.isUp = false;
    await memory.open();
    await memory.publish('before');
    memory.disk.limit(limit());
    const failing = ids(3).map((id) => memory.buffer.publish(reading('meter', 1, `lost-${id}`)));
    for (const outcome of await memory.station.during(Promise.allSettled(failing))) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'buffer-disk-failed' } });
    }
    expect(memory.buffer.state()).toMatchObject({ state: 'degraded', messages: 1 });
    memory.disk.limit(Number.POSITIVE_INFINITY);
    await memory.publish('after');
    // What a write that failed has left would be found now.
    await memory.reopen();
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    expect(memory.buffer.state()).toMatchObject({ state: 'up', messages: 0 });
    expect(memory.station.stored()).toEqual(['before', 'after']);
  });

  test('a full disk does not keep the buffer from becoming empty', async () => {
    memory.station.isUp = false;
    await memory.open({ bytesMax: BYTES_MAX });
    for (const id of ids(100)) await memory.publish(id);
    memory.disk.limit(0);
    await expect(memory.publish('lost')).rejects.toMatchObject({ code: 'buffer-disk-failed' });
    memory.station.isUp = true;
    expect(await memory.flushed()).toBe(true);
    await memory.reopen({ bytesMax: BYTES_MAX });
    expect(memory.station.stored()).toEqual(ids(100));
    expect([...memory.disk.contents().keys()].some((path) => path.endsWith('.segment'))).toBe(false);
  });
});

describe('B9: a message that the broker refuses', () => {
  test('is set aside on disk, told, and holds up nobody', async () => {
    const refusing: Publisher = {
      ...memory.station.publisher,
      publish: (message) => {
        const isWrong = message.id.startsWith('wrong');
        return isWrong
          ? Promise.reject(new PublishError('refused', message.id, 'too large'))
          : memory.station.publisher.publish(message);
      },
    };
    await memory.open({ publisher: refusing });
    for (const id of ['a', 'wrong-1', 'b', 'wrong-2', 'c']) await memory.publish(id);
    expect(await memory.flushed()).toBe(true);
    expect(memory.station.stored()).toEqual(['a', 'b', 'c']);
    expect(memory.station.losses).toMatchObject([
      { reason: 'refused', message: { id: 'wrong-1' }, error: { code: 'refused' } },
      { reason: 'refused', message: { id: 'wrong-2' } },
    ]);
    const lines = memory.disk.contents().get('/buffer/refused.jsonl')?.toString().trimEnd().split('\n') ?? [];
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toMatchObject([{ id: 'wrong-1', subject: 'test.meter.meter.read' }, { id: 'wrong-2' }]);
    expect(JSON.parse(Buffer.from(entries[0].payload, 'base64').toString())).toMatchObject({ data: { value: 1 } });
  });

  test('is told even when there is no room to keep it, and what is kept has a bound', async () => {
    const refusing: Publisher = {
      ...memory.station.publisher,
      publish: ({ id }) => Promise.reject(new PublishError('refused', id, 'never')),
    };
    await memory.open({ publisher: refusing, bytesMax: BYTES_MAX });
    for (const id of ids(100)) {
      await memory.publish(id);
      await memory.flushed();
    }
    expect(memory.buffer.state().lost.refused).toBe(100);
    expect(memory.disk.contents().get('/buffer/refused.jsonl')?.byteLength).toBeLessThan(BYTES_MAX / 8);
  });
});
