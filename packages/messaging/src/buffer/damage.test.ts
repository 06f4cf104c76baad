// What a crash leaves at the end of a segment is removed without a word (B4); whatever else is wrong on the disk is told,
// and costs the message it is in (B5).
import { beforeEach, describe, expect, test } from '@jest/globals';
import { seededRandom } from '@longwave/messaging/memory';
import { memoryStation, type MemoryStation } from '../../test/support/memory-station.ts';
import { powerCutDisk, type PowerCutDisk } from '../../test/support/power-cut-disk.ts';
import { reading } from '../../test/support/reading.ts';
import { openPositionFile } from './position-file.ts';
import { SEGMENT_HEADER_BYTES } from './segment.ts';

const SEED = Number(process.env['LONGWAVE_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
/** Thousands of lives. */
const LIVES_WITHIN_MS = 60_000;
const IDS = ['a', 'b', 'c', 'd', 'e'] as const;

/** A folder in which five messages wait. `ends`: where each of them ends in the segment. */
async function waitingFolder(): Promise<{ disk: PowerCutDisk; path: string; ends: readonly number[] }> {
  const station = memoryStation(SEED);
  station.isUp = false;
  const disk = powerCutDisk(seededRandom(SEED));
  const buffer = await station.open(disk);
  const ends: number[] = [];
  for (const [value, id] of IDS.entries()) {
    await station.during(buffer.publish(reading('meter', value, id)));
    ends.push(buffer.state().bytes);
  }
  await station.during(buffer.close());
  const path = [...disk.contents().keys()].find((name) => name.endsWith('.segment')) ?? '';
  return { disk, path, ends };
}

/** Opens what is on `disk`, adds one more message, and lets all of it leave. */
async function nextLife(disk: PowerCutDisk): Promise<{ station: MemoryStation; disk: PowerCutDisk }> {
  const station = memoryStation(SEED);
  const again = disk.restart('kill');
  const buffer = await station.open(again);
  await station.during(buffer.publish(reading('meter', 9, 'new')));
  expect(await station.during(buffer.flush({ withinMs: 60_000 }))).toBe(true);
  await station.during(buffer.close());
  return { station, disk: again };
}

function kept(disk: PowerCutDisk): readonly string[] {
  return [...disk.contents().keys()].filter((name) => /segment/.test(name));
}

describe('a buffer whose folder is not as it was left', () => {
  let disk: PowerCutDisk;
  let path: string;
  let ends: readonly number[];
  let whole: Buffer;
  beforeEach(async () => {
    ({ disk, path, ends } = await waitingFolder());
    whole = disk.contents().get(path) ?? Buffer.alloc(0);
  });

  test(
    'B4: a write that was cut at any byte is removed, with zeros behind it or without',
    async () => {
      for (let at = ends[3] ?? 0; at < (ends[4] ?? 0); at += 1) {
        for (const zeros of [0, 1, 27, 28, 4_096]) {
          disk.replace(path, Buffer.concat([whole.subarray(0, at), Buffer.alloc(zeros)]));
          const { station, disk: after } = await nextLife(disk);
          const found = { at, zeros, stored: station.stored(), losses: station.losses, kept: kept(after) };
          expect(found).toEqual({ at, zeros, stored: ['a', 'b', 'c', 'd', 'new'], losses: [], kept: [] });
        }
      }
    },
    LIVES_WITHIN_MS,
  );

  test(
    'B5: a bit that flips anywhere costs the message it is in, is told, and the segment is kept',
    async () => {
      const random = seededRandom(SEED);
      for (let at = 0; at < whole.byteLength; at += 1) {
        const bit = Math.trunc(random() * 8);
        const damaged = Buffer.from(whole);
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
        disk.replace(path, damaged);
        const { station, disk: after } = await nextLife(disk);
        const hit = at < SEGMENT_HEADER_BYTES ? -1 : ends.findIndex((end) => at < end);
        const found = { seed: SEED, at, bit, stored: station.stored(), losses: station.losses, kept: kept(after) };
        expect(found).toEqual({
          seed: SEED,
          at,
          bit,
          stored: [...IDS.filter((_, index) => index !== hit), 'new'],
          losses: hit === -1 ? [] : [{ reason: 'unreadable', count: 1 }],
          kept: [`${path}.damaged`],
        });
      }
    },
    LIVES_WITHIN_MS,
  );

  test(
    'B5: a part of any length that became something else costs the messages it is in, and each is counted',
    async () => {
      const random = seededRandom(SEED);
      for (let round = 0; round < 500; round += 1) {
        const from = SEGMENT_HEADER_BYTES + Math.trunc(random() * (whole.byteLength - SEGMENT_HEADER_BYTES));
        const to = from + 1 + Math.trunc(random() * (whole.byteLength - from));
        const noise = Buffer.from(Array.from({ length: to - from }, () => 1 + Math.trunc(random() * 255)));
        const damaged = Buffer.concat([whole.subarray(0, from), noise, whole.subarray(to)]);
        disk.replace(path, damaged);
        const { station } = await nextLife(disk);
        // By chance, noise may be what was there before: what counts is which records are not the same any more.
        const isHit = (end: number, begin = 0): boolean => whole.compare(damaged, begin, end, begin, end) !== 0;
        const hits = ends.flatMap((end, index) => (isHit(end, ends[index - 1]) ? [index] : []));
        if (hits.length === 0) continue;
        const expected = [...IDS.filter((_, index) => !hits.includes(index)), 'new'];
        expect({ seed: SEED, round, stored: station.stored() }).toEqual({ seed: SEED, round, stored: expected });
        const counted = station.losses.reduce((sum, { count }) => sum + count, 0);
        // Nobody can know how many there were behind the last one that can be read; but that there was one.
        const isEndHit = hits.includes(IDS.length - 1);
        expect({ seed: SEED, round, isCounted: isEndHit || counted === hits.length }).toMatchObject({
          isCounted: true,
        });
        expect(counted).toBeGreaterThan(0);
      }
    },
    LIVES_WITHIN_MS,
  );

  test('B5: the image of a record inside a payload is never taken for one', async () => {
    const station = memoryStation(SEED);
    station.isUp = false;
    const inner = powerCutDisk(seededRandom(SEED));
    const buffer = await station.open(inner, { newSalt: () => 1 });
    const forged = { ...reading('meter', 1, 'outer'), payload: whole.subarray(SEGMENT_HEADER_BYTES) };
    await station.during(buffer.publish(forged));
    await station.during(buffer.close());
    const [[name, bytes] = ['', Buffer.alloc(0)]] = [...inner.contents()].filter(([file]) => file.endsWith('.segment'));
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(SEGMENT_HEADER_BYTES) ^ 1, SEGMENT_HEADER_BYTES);
    inner.replace(name, damaged);
    const { station: next } = await nextLife(inner);
    expect(next.stored()).toEqual(['new']);
    expect(next.losses).toEqual([{ reason: 'unreadable', count: 1 }]);
  });

  test('B5: a segment that is gone is told as the messages it had', async () => {
    const station = memoryStation(SEED);
    station.isUp = false;
    const again = disk.restart('kill');
    const buffer = await station.open(again);
    await station.during(buffer.publish(reading('meter', 5, 'f')));
    await station.during(buffer.close());
    await again.remove(path);
    const { station: next } = await nextLife(again);
    expect(next.stored()).toEqual(['f', 'new']);
    expect(next.losses).toEqual([{ reason: 'unreadable', count: 5 }]);
  });

  test('a folder of a later format is refused, and left as it is', async () => {
    const later = Buffer.from(whole);
    later.writeUInt32LE(2, 8);
    const { crc32 } = await import('node:zlib');
    later.writeUInt32LE(crc32(later.subarray(0, 12)), 12);
    disk.replace(path, later);
    const again = disk.restart('kill');
    await expect(memoryStation(SEED).open(again)).rejects.toMatchObject({ code: 'buffer-format-unknown' });
    expect(again.contents().get(path)).toEqual(later);
  });
});

describe('B2, B5: a position that is damaged', () => {
  test('at any bit, or is gone, doubles nothing and loses nothing', async () => {
    const random = seededRandom(SEED);
    const slots = [0, 4_096].flatMap((slot) => Array.from({ length: 28 }, (_, index) => slot + index));
    for (const at of [...slots, null]) {
      const station = memoryStation(SEED);
      const disk = powerCutDisk(random);
      const buffer = await station.open(disk);
      for (const id of ['a', 'b', 'c']) await station.during(buffer.publish(reading('meter', 1, id)));
      await station.during(buffer.flush({ withinMs: 10_000 }));
      await station.time.advance(1_000);
      station.isUp = false;
      for (const id of ['d', 'e']) await station.during(buffer.publish(reading('meter', 1, id)));
      const after = disk.restart('kill');
      await station.during(buffer.close());
      await station.forgetIds();
      station.isUp = true;
      const position = Buffer.from(after.contents().get('/buffer/position') ?? Buffer.alloc(0));
      if (at === null) await after.remove('/buffer/position');
      else position.writeUInt8(position.readUInt8(at) ^ (1 << Math.trunc(random() * 8)), at);
      if (at !== null) after.replace('/buffer/position', position);
      const next = await station.open(after);
      expect(await station.during(next.flush({ withinMs: 60_000 }))).toBe(true);
      await station.during(next.close());
      const found = { seed: SEED, at, stored: station.stored(), losses: station.losses };
      expect(found).toEqual({ seed: SEED, at, stored: ['a', 'b', 'c', 'd', 'e'], losses: [] });
    }
  });

  test('whose newest half is lost does not hide what was sent since the other one was written', async () => {
    const station = memoryStation(SEED);
    const first = powerCutDisk(seededRandom(SEED));
    const buffer = await station.open(first);
    const ids = Array.from({ length: 1_500 }, (_, index) => String(index));
    await station.during(Promise.all(ids.map((id) => buffer.publish(reading('meter', 1, id)))));
    expect(await station.during(buffer.flush({ withinMs: 600_000 }))).toBe(true);
    const disk = first.restart('kill');
    await station.during(buffer.close());
    await station.forgetIds();
    const position = await openPositionFile(disk, '/buffer');
    await position.write({ settledBelow: 0, sendingBelow: 1_024 });
    const older = disk.contents().get('/buffer/position') ?? Buffer.alloc(0);
    await position.write({ settledBelow: 0, sendingBelow: 2_048 });
    const newer = Buffer.from(disk.contents().get('/buffer/position') ?? Buffer.alloc(0));
    const at = newer.findIndex((byte, index) => byte !== older[index]);
    newer.writeUInt8(newer.readUInt8(at) ^ 1, at);
    disk.replace('/buffer/position', newer);
    const next = await station.open(disk);
    expect(await station.during(next.flush({ withinMs: 600_000 }))).toBe(true);
    await station.during(next.close());
    expect(station.stored()).toEqual(ids);
  });
});
